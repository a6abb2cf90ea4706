//! Makes the phones' library panic, and holds it to what it promises: the caller gets an error, and the next call
//! works. `scripts/size.sh` compiles and runs this against the library that ships, where a change of the build could
//! turn a panic into the end of the app without any other test noticing.

use std::ptr;

/// A buffer, as UniFFI hands it over.
#[repr(C)]
struct Buffer {
    capacity: u64,
    length: u64,
    data: *mut u8,
}

/// What became of a call: 0 is success, 1 an error that the function declares, 2 a panic.
#[repr(C)]
struct Status {
    code: i8,
    error: Buffer,
}

unsafe extern "C" {
    fn ffi_attesta_ffi_rustbuffer_free(buffer: Buffer, status: &mut Status);
    fn uniffi_attesta_ffi_fn_func_library_version(status: &mut Status) -> Buffer;
}

fn empty() -> Buffer {
    Buffer { capacity: 0, length: 0, data: ptr::null_mut() }
}

fn text(buffer: &Buffer) -> String {
    assert!(!buffer.data.is_null(), "there is no text");
    // SAFETY: the library gives a buffer with so many bytes.
    let bytes = unsafe { std::slice::from_raw_parts(buffer.data, buffer.length as usize) };
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

fn main() {
    for _ in 0..2 {
        let mut status = Status { code: 0, error: empty() };
        // SAFETY: the library looks at the pointer first, and does not follow it.
        unsafe { ffi_attesta_ffi_rustbuffer_free(Buffer { capacity: 1, ..empty() }, &mut status) };
        assert_eq!(status.code, 2, "the panic did not become an error");
        assert_eq!(text(&status.error), "null RustBuffer had non-zero capacity");

        let mut status = Status { code: 0, error: empty() };
        // SAFETY: the function takes nothing but the status.
        let version = unsafe { uniffi_attesta_ffi_fn_func_library_version(&mut status) };
        assert_eq!(status.code, 0, "the call after the panic did not succeed");
        assert!(!text(&version).is_empty());
    }
}
