//! One stream of gzip (RFC 1952) or zlib (RFC 1950), whole and alone, out to a bounded size and back.

use miniz_oxide::deflate;
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress, inflate_flags};

use super::StatusError;

/// What one compressed byte can become at most: DEFLATE writes 258 bytes with two bits (RFC 1951 section 3.2.5).
const MOST_PER_BYTE: usize = 1032;

/// How hard the compressor looks: the usual middle. A list is written once and read many times.
const LEVEL: u8 = 9;

const GZIP: &str = "gzip";
const ZLIB: &str = "zlib";

fn fault(expected: &'static str, fault: &'static str) -> StatusError {
    StatusError::Compression { expected, fault }
}

/// The bytes in a gzip stream of a single member, at most `limit` of them.
pub(crate) fn gunzip(compressed: &[u8], limit: usize) -> Result<Vec<u8>, StatusError> {
    let cut_off = || fault(GZIP, "it is cut off");
    let body = gzip_body(compressed)?;
    let (body, trailer) = body.split_last_chunk::<8>().ok_or_else(cut_off)?;
    let [c0, c1, c2, c3, s0, s1, s2, s3] = *trailer;
    let (checksum, size) = (u32::from_le_bytes([c0, c1, c2, c3]), u32::from_le_bytes([s0, s1, s2, s3]));
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    if size > limit {
        return Err(StatusError::TooLarge { limit });
    }
    // A size that the stream cannot have is either a lie or, where something follows, no size at all.
    if size > body.len().saturating_mul(MOST_PER_BYTE) {
        return Err(fault(GZIP, "its size does not fit"));
    }
    let mut bytes = vec![0; size];
    let (status, consumed, written) = inflate(body, &mut bytes, 0);
    match status {
        TINFLStatus::Done if consumed == body.len() && written == size => {}
        TINFLStatus::Done if consumed < body.len() => return Err(fault(GZIP, "something follows it")),
        TINFLStatus::Done | TINFLStatus::HasMoreOutput => return Err(fault(GZIP, "its size does not fit")),
        TINFLStatus::FailedCannotMakeProgress | TINFLStatus::NeedsMoreInput => return Err(cut_off()),
        _ => return Err(fault(GZIP, "it is damaged")),
    }
    if crc32(&bytes) == checksum { Ok(bytes) } else { Err(fault(GZIP, "its checksum does not fit")) }
}

/// What stands behind the header of a gzip member (RFC 1952 section 2.3).
fn gzip_body(compressed: &[u8]) -> Result<&[u8], StatusError> {
    const HEADER_CHECKSUM: u8 = 2;
    const EXTRA: u8 = 4;
    const NAME: u8 = 8;
    const COMMENT: u8 = 16;
    const RESERVED: u8 = 0xe0;
    let cut_off = || fault(GZIP, "it is cut off");
    let [0x1f, 0x8b, 8, flags, _, _, _, _, _, _, rest @ ..] = compressed else {
        return Err(fault(GZIP, "it does not begin as such"));
    };
    if flags & RESERVED != 0 {
        return Err(fault(GZIP, "its header has flags that nobody defined"));
    }
    let mut rest = rest;
    if flags & EXTRA != 0 {
        let (length, after) = rest.split_first_chunk::<2>().ok_or_else(cut_off)?;
        rest = after.get(usize::from(u16::from_le_bytes(*length))..).ok_or_else(cut_off)?;
    }
    for text in [NAME, COMMENT] {
        if flags & text != 0 {
            let end = rest.iter().position(|byte| *byte == 0).ok_or_else(cut_off)?;
            rest = rest.get(end + 1..).ok_or_else(cut_off)?;
        }
    }
    if flags & HEADER_CHECKSUM != 0 {
        let header = compressed.get(..compressed.len() - rest.len()).ok_or_else(cut_off)?;
        let (checksum, after) = rest.split_first_chunk::<2>().ok_or_else(cut_off)?;
        if crc32(header).to_le_bytes()[..2] != *checksum {
            return Err(fault(GZIP, "its checksum does not fit"));
        }
        rest = after;
    }
    Ok(rest)
}

/// The bytes in a zlib stream, at most `limit` of them. The stream does not say how many there are.
pub(crate) fn unzlib(compressed: &[u8], limit: usize) -> Result<Vec<u8>, StatusError> {
    if !matches!(compressed, [first, second, ..] if is_zlib_header(*first, *second)) {
        return Err(fault(ZLIB, "it does not begin as such"));
    }
    // A list of which nobody was revoked shrinks to almost nothing, so most fit at the first try.
    let most = compressed.len().saturating_mul(MOST_PER_BYTE).min(limit);
    let mut bytes = vec![0; most];
    let (status, consumed, written) = inflate(compressed, &mut bytes, inflate_flags::TINFL_FLAG_PARSE_ZLIB_HEADER);
    match status {
        TINFLStatus::Done if consumed == compressed.len() => {}
        TINFLStatus::Done => return Err(fault(ZLIB, "something follows it")),
        TINFLStatus::HasMoreOutput => return Err(StatusError::TooLarge { limit }),
        TINFLStatus::FailedCannotMakeProgress | TINFLStatus::NeedsMoreInput => {
            return Err(fault(ZLIB, "it is cut off"));
        }
        TINFLStatus::Adler32Mismatch => return Err(fault(ZLIB, "its checksum does not fit")),
        _ => return Err(fault(ZLIB, "it is damaged")),
    }
    bytes.truncate(written);
    bytes.shrink_to_fit();
    Ok(bytes)
}

/// RFC 1950 section 2.2: DEFLATE with a window of up to 32 KiB, no preset dictionary, and the two bytes a multiple
/// of 31.
fn is_zlib_header(first: u8, second: u8) -> bool {
    let check = u16::from_be_bytes([first, second]).is_multiple_of(31);
    first & 0x0f == 8 && first >> 4 <= 7 && second & 0x20 == 0 && check
}

/// The end, the bytes that were read and the bytes that were written. Never writes beyond `out`.
fn inflate(compressed: &[u8], out: &mut [u8], flags: u32) -> (TINFLStatus, usize, usize) {
    let flags = flags | inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
    decompress(&mut DecompressorOxide::new(), compressed, out, 0, flags)
}

/// A gzip stream of these bytes: no name, no time, so that the same bytes are always written the same.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    const UNKNOWN_SYSTEM: u8 = 255;
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, UNKNOWN_SYSTEM];
    out.extend(deflate::compress_to_vec(bytes, LEVEL));
    out.extend(crc32(bytes).to_le_bytes());
    // ISIZE: the size modulo 2^32.
    out.extend((bytes.len() as u32).to_le_bytes());
    out
}

/// A zlib stream of these bytes.
pub(crate) fn zlib(bytes: &[u8]) -> Vec<u8> {
    deflate::compress_to_vec_zlib(bytes, LEVEL)
}

/// RFC 1952 section 8, four bytes at a time.
fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    let (words, rest) = bytes.as_chunks::<4>();
    for word in words {
        let [a, b, c, d] = (crc ^ u32::from_le_bytes(*word)).to_le_bytes();
        crc = TABLES[3][usize::from(a)]
            ^ TABLES[2][usize::from(b)]
            ^ TABLES[1][usize::from(c)]
            ^ TABLES[0][usize::from(d)];
    }
    for byte in rest {
        crc = (crc >> 8) ^ TABLES[0][usize::from(crc as u8 ^ byte)];
    }
    !crc
}

/// `TABLES[n][byte]` is what a byte does to the checksum when `n` bytes follow it.
static TABLES: [[u32; 256]; 4] = {
    let mut tables = [[0; 256]; 4];
    let mut byte = 0;
    while byte < 256 {
        let mut crc = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
            bit += 1;
        }
        tables[0][byte] = crc;
        byte += 1;
    }
    let mut table = 1;
    while table < 4 {
        let mut byte = 0;
        while byte < 256 {
            let crc: u32 = tables[table - 1][byte];
            tables[table][byte] = (crc >> 8) ^ tables[0][(crc & 0xff) as usize];
            byte += 1;
        }
        table += 1;
    }
    tables
};
