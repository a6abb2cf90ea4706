//! One whole stream of the right kind is read; everything else is refused, and nothing beyond the ceiling is ever
//! written.

use miniz_oxide::deflate::core::CompressorOxide;
use miniz_oxide::deflate::{compress_to_vec, compress_to_vec_zlib, stream};
use miniz_oxide::{DataFormat, MZFlush};

use super::*;
use crate::limits::STATUS_LIST_BYTES;
use crate::status::compression::{gunzip, gzip, unzlib, zlib};

const TEXT: &[u8] = b"a list of statuses, not very long, in which nothing repeats but little";

fn fault(result: Result<Vec<u8>, StatusError>) -> &'static str {
    match result {
        Err(StatusError::Compression { fault, .. }) => fault,
        Err(StatusError::TooLarge { .. }) => "too large",
        other => panic!("{other:?}"),
    }
}

/// A gzip stream with this header after the first three bytes, and these last eight.
fn stream_of(header: &[u8], body: &[u8], checksum: u32, size: u32) -> Vec<u8> {
    [&[0x1f, 0x8b, 8], header, body, &checksum.to_le_bytes(), &size.to_le_bytes()].concat()
}

/// Found bit by bit, as RFC 1952 section 8 describes it.
fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
    let of_byte = |crc: u32, byte: &u8| (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc));
    !bytes.iter().fold(u32::MAX, of_byte)
}

#[test]
fn what_is_compressed_comes_out_again() {
    let noise: Vec<u8> = (0..70_000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    for bytes in [&b""[..], b"a", TEXT, &vec![0; 70_000], &noise] {
        assert_eq!(gunzip(&gzip(bytes), STATUS_LIST_BYTES).unwrap(), bytes);
        assert_eq!(unzlib(&zlib(bytes), STATUS_LIST_BYTES).unwrap(), bytes);
        let checksum = crc32(bytes).to_le_bytes();
        let written = gzip(bytes);
        assert_eq!(written[written.len() - 8..written.len() - 4], checksum);
        assert_eq!(gunzip(&gzip(bytes), bytes.len()).unwrap(), bytes, "a ceiling that is just reached");
        assert_eq!(unzlib(&zlib(bytes), bytes.len()).unwrap(), bytes);
    }
}

#[test]
fn a_header_may_say_more_if_it_says_it_whole() {
    let body = compress_to_vec(TEXT, 6);
    let (checksum, size) = (crc32(TEXT), TEXT.len() as u32);
    let time = [1, 2, 3, 4, 0, 3];
    let with = |flags: u8, more: &[u8]| stream_of(&[&[flags], &time[..], more].concat(), &body, checksum, size);
    let extra = b"\x03\0abc";
    for good in [
        with(0, b""),
        with(1, b""),
        with(4, extra),
        with(8, b"list.bin\0"),
        with(16, b"of the centre\0"),
        with(4 | 8 | 16, b"\x03\0abclist.bin\0of the centre\0"),
    ] {
        assert_eq!(gunzip(&good, 1000).unwrap(), TEXT);
    }
    let header = [&[0x1f, 0x8b, 8, 2], &time[..]].concat();
    let short = crc32(&header).to_le_bytes();
    assert_eq!(gunzip(&with(2, &short[..2]), 1000).unwrap(), TEXT);

    assert_eq!(fault(gunzip(&with(2, &[short[0], short[1] ^ 1]), 1000)), "its checksum does not fit");
    for reserved in [0x20, 0x40, 0x80] {
        assert_eq!(fault(gunzip(&with(reserved, b""), 1000)), "its header has flags that nobody defined");
    }
    // Lengths that lead beyond the end, and names that never end.
    assert_eq!(fault(gunzip(&with(4, b"\xff\xff"), 1000)), "it is cut off");
    let endless = [&[0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 0], &[b'a'; 5000][..]].concat();
    assert_eq!(fault(gunzip(&endless, 1000)), "it is cut off");
    for method in [0, 7, 9] {
        let mut other = with(0, b"");
        other[2] = method;
        assert_eq!(fault(gunzip(&other, 1000)), "it does not begin as such");
    }
}

#[test]
fn a_stream_that_is_cut_off_anywhere_is_refused() {
    let (gzip, zlib) = (gzip(TEXT), zlib(TEXT));
    for end in 0..gzip.len() {
        fault(gunzip(&gzip[..end], 1000));
    }
    for end in 0..zlib.len() {
        fault(unzlib(&zlib[..end], 1000));
    }
}

#[test]
fn a_changed_bit_is_noticed() {
    let (gzip, zlib) = (gzip(TEXT), zlib(TEXT));
    // Bits that fill up the last byte of DEFLATE say nothing, nor do the time and the system in gzip's header: whoever
    // changes those has changed no status.
    let mut unnoticed = 0;
    let mut judge = |result: Result<Vec<u8>, StatusError>| match result {
        Ok(bytes) => {
            assert_eq!(bytes, TEXT);
            unnoticed += 1;
        }
        refused => drop(fault(refused)),
    };
    for at in (0..gzip.len() * 8).filter(|at| !(24..80).contains(at)) {
        let mut changed = gzip.clone();
        changed[at / 8] ^= 1 << (at % 8);
        judge(gunzip(&changed, 1000));
    }
    for at in 16..zlib.len() * 8 {
        let mut changed = zlib.clone();
        changed[at / 8] ^= 1 << (at % 8);
        judge(unzlib(&changed, 1000));
    }
    assert!(unnoticed <= 14, "{unnoticed} changes");
    let mut changed = gzip.clone();
    let end = changed.len();
    changed[end - 8] ^= 1;
    assert_eq!(fault(gunzip(&changed, 1000)), "its checksum does not fit");
    let mut changed = zlib.clone();
    let end = changed.len();
    changed[end - 1] ^= 1;
    assert_eq!(fault(unzlib(&changed, 1000)), "its checksum does not fit");
}

#[test]
fn nothing_may_follow() {
    for tail in [&b"\0"[..], b"\0\0\0\0\0\0\0\0", &gzip(TEXT), &gzip(b"")] {
        let stream = [&gzip(TEXT), tail].concat();
        let found = fault(gunzip(&stream, 1000));
        assert!(["something follows it", "its size does not fit", "too large"].contains(&found), "{found}");
    }
    // With sizes that fit both members: the second is still one too many.
    let two = [gzip(TEXT), gzip(TEXT)].concat();
    assert_eq!(fault(gunzip(&two, 1000)), "something follows it");
    for tail in [&b"\0"[..], b"abcd", &zlib(TEXT)] {
        let stream = [&zlib(TEXT), tail].concat();
        assert_eq!(fault(unzlib(&stream, 1000)), "something follows it");
    }
}

#[test]
fn one_kind_is_not_taken_for_the_other() {
    assert_eq!(fault(gunzip(&zlib(TEXT), 1000)), "it does not begin as such");
    assert_eq!(fault(unzlib(&gzip(TEXT), 1000)), "it does not begin as such");
    assert_eq!(fault(gunzip(&compress_to_vec(TEXT, 6), 1000)), "it does not begin as such");
    assert_eq!(fault(unzlib(&compress_to_vec(TEXT, 6), 1000)), "it does not begin as such");
    for nothing in [&b""[..], b"\x1f", b"\x1f\x8b", b"\x78"] {
        fault(gunzip(nothing, 1000));
        fault(unzlib(nothing, 1000));
    }
    // A preset dictionary that nobody has (RFC 1950 section 2.2).
    let mut preset = compress_to_vec_zlib(TEXT, 6);
    (preset[0], preset[1]) = (0x78, 0x20 | 0x9b);
    preset[1] = (0x20..=0xff)
        .find(|second| u16::from_be_bytes([0x78, *second]).is_multiple_of(31) && second & 0x20 != 0)
        .unwrap();
    assert_eq!(fault(unzlib(&preset, 1000)), "it does not begin as such");
}

#[test]
fn a_size_that_lies_is_refused() {
    let body = compress_to_vec(TEXT, 6);
    let header = [0; 7];
    let stream = |size: u32| stream_of(&header, &body, crc32(TEXT), size);
    assert_eq!(gunzip(&stream(TEXT.len() as u32), 1000).unwrap(), TEXT);
    for size in [0, 1, TEXT.len() as u32 - 1, TEXT.len() as u32 + 1, 1000] {
        assert_eq!(fault(gunzip(&stream(size), 1000)), "its size does not fit");
    }
    for size in [1001, u32::MAX] {
        assert_eq!(fault(gunzip(&stream(size), 1000)), "too large");
    }
    // So many that so short a stream cannot hold them.
    assert_eq!(fault(gunzip(&stream(10_000_000), STATUS_LIST_BYTES)), "its size does not fit");
}

/// DEFLATE blocks, none of them the last, that stand for this many zeros and end at a whole byte.
fn zeros(count: usize) -> Vec<u8> {
    let mut compressor = CompressorOxide::default();
    compressor.set_format_and_level(DataFormat::Raw, 9);
    let mut out = vec![0; 64 * 1024];
    let result = stream::deflate(&mut compressor, &vec![0; count], &mut out, MZFlush::Full);
    assert_eq!(result.bytes_consumed, count);
    out.truncate(result.bytes_written);
    out
}

/// Ten megabytes that would become ten gigabytes.
#[test]
fn a_bomb_is_put_out() {
    const LAST_AND_EMPTY: [u8; 2] = [3, 0];
    let piece = zeros(8 * 1024 * 1024);
    let body = [piece.repeat(1250), LAST_AND_EMPTY.to_vec()].concat();
    assert!(body.len() < 12_000_000, "{} bytes", body.len());
    let zlib = [&[0x78, 0x9c], &body[..], &[0; 4]].concat();
    assert_eq!(fault(unzlib(&zlib, STATUS_LIST_BYTES)), "too large");
    let honest = (10_u64 * 1250 * 8 * 1024 * 1024 / 10) as u32;
    assert_eq!(fault(gunzip(&stream_of(&[0; 7], &body, 0, honest), STATUS_LIST_BYTES)), "too large");
    for lie in [0, 1, 16_384, STATUS_LIST_BYTES as u32] {
        assert_eq!(fault(gunzip(&stream_of(&[0; 7], &body, 0, lie), STATUS_LIST_BYTES)), "its size does not fit");
    }
    // The negative control: the pieces are what they are said to be.
    let one = [&piece[..], &LAST_AND_EMPTY].concat();
    let bytes = vec![0; 8 * 1024 * 1024];
    let whole = stream_of(&[0; 7], &one, crc32(&bytes), bytes.len() as u32);
    assert_eq!(gunzip(&whole, STATUS_LIST_BYTES).unwrap(), bytes);
}
