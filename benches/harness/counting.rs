//! The system's allocator, counting what each thread asks of it.
#![allow(unsafe_code, reason = "an allocator is an unsafe trait; every call is handed to the system's, unchanged")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

/// Install with `#[global_allocator]`. Counts by thread, so that no other thread blurs a figure.
pub(crate) struct Counting;

/// What the operation returns, and how often it asked for memory, growing included. Zero where [`Counting`] is not
/// installed.
pub(crate) fn allocations<T>(operation: impl FnOnce() -> T) -> (T, u64) {
    let before = ALLOCATIONS.get();
    let value = operation();
    (value, ALLOCATIONS.get() - before)
}

fn count() {
    // A thread that is ending has no counter any more, and nobody reads its figure.
    let _ = ALLOCATIONS.try_with(|allocations| allocations.set(allocations.get() + 1));
}

// SAFETY: every method hands its arguments to `System` unchanged and returns what it returns; the counter is a
// constant-initialised cell without a destructor, so counting itself never allocates.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: the caller keeps the contract of `alloc_zeroed`.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        count();
        // SAFETY: the caller keeps the contract of `realloc`; the pointer came from `System`.
        unsafe { System.realloc(pointer, layout, new_size) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps the contract of `dealloc`; the pointer came from `System`.
        unsafe { System.dealloc(pointer, layout) }
    }
}
