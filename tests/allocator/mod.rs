//! The system's allocator, adding up the bytes that each thread asks for.
#![allow(unsafe_code, reason = "an allocator is an unsafe trait; every call is handed to the system's, unchanged")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

thread_local! {
    static BYTES: Cell<u64> = const { Cell::new(0) };
}

/// Install with `#[global_allocator]`.
pub(crate) struct Measuring;

/// What the operation returns, and how many bytes it asked for in all. What it gave back is not taken off; growing
/// counts as the whole of the new size.
pub(crate) fn allocated<T>(operation: impl FnOnce() -> T) -> (T, u64) {
    let before = BYTES.get();
    let value = operation();
    (value, BYTES.get() - before)
}

fn count(bytes: usize) {
    // A thread that is ending has no counter any more, and nobody reads its figure.
    let _ = BYTES.try_with(|total| total.set(total.get() + bytes as u64));
}

// SAFETY: every method hands its arguments to `System` unchanged and returns what it returns; the counter is a
// constant-initialised cell without a destructor, so counting itself never allocates.
unsafe impl GlobalAlloc for Measuring {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        // SAFETY: the caller keeps the contract of `alloc_zeroed`.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        count(new_size);
        // SAFETY: the caller keeps the contract of `realloc`; the pointer came from `System`.
        unsafe { System.realloc(pointer, layout, new_size) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps the contract of `dealloc`; the pointer came from `System`.
        unsafe { System.dealloc(pointer, layout) }
    }
}
