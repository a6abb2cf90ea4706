//! The benchmarks' own instruments: what they count and print must be right before a figure means anything.

#[allow(dead_code, reason = "the parts that read arguments are for benches alone")]
#[path = "../benches/harness/mod.rs"]
mod harness;

use std::time::Duration;

use harness::counting::{Counting, allocations};
use harness::{Effort, Figures, Table, line, median};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const QUICK: Effort = Effort { batch: Duration::from_micros(200), rounds: 31, ceiling: Duration::from_secs(1) };

#[test]
fn allocations_are_counted_one_by_one() {
    assert_eq!(allocations(|| 1 + 1).1, 0);
    assert_eq!(allocations(|| Box::new(7_u64)).1, 1);
    assert_eq!(allocations(|| vec![0_u8; 64]).1, 1, "zeroed memory counts");
    let grown = allocations(|| {
        let mut bytes = Vec::<u8>::with_capacity(1);
        bytes.extend_from_slice(&[0; 100]);
        bytes
    });
    assert_eq!(grown.1, 2, "growing counts");
}

#[test]
fn another_threads_allocations_do_not_count() {
    let (sender, receiver) = std::sync::mpsc::channel::<()>();
    let other = std::thread::spawn(move || {
        let mut made = 0_usize;
        while receiver.try_recv().is_err() {
            made += std::hint::black_box(vec![0_u8; 32]).len();
        }
        made
    });
    let (_, counted) = allocations(|| std::thread::sleep(Duration::from_millis(5)));
    sender.send(()).unwrap();
    assert!(other.join().unwrap() > 0);
    assert_eq!(counted, 0);
}

#[test]
fn the_median_is_the_middle() {
    assert_eq!(median(&mut []), None);
    assert_eq!(median(&mut [4.0]), Some(4.0));
    assert_eq!(median(&mut [9.0, 1.0, 5.0]), Some(5.0));
    assert_eq!(median(&mut [1.0, 9.0, 1000.0, 3.0]), Some(6.0));
}

#[test]
fn a_line_reads_name_time_allocations_ratio() {
    let words = |line: String| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let figures = Figures { nanoseconds: 36_210.4, allocations: 41, ratio: Some(1.084) };
    let printed = line("verify vc+jwt Ed25519", figures);
    assert!(printed.starts_with("verify vc+jwt Ed25519   "), "{printed}");
    assert_eq!(words(printed), ["verify", "vc+jwt", "Ed25519", "36210", "ns", "41", "allocs", "1.08x"]);
    let alone = line("resolve webvh", Figures { ratio: None, ..figures });
    assert_eq!(words(alone), ["resolve", "webvh", "36210", "ns", "41", "allocs", "-"]);
    assert_eq!(line("a", figures).len(), line("verify dc+sd-jwt ES256 4 disclosures", figures).len(), "lines align");
}

/// Work that the optimiser cannot remove, in proportion to `steps`.
fn spin(steps: u32) -> u32 {
    (0..steps).fold(1, |sum, step| std::hint::black_box(sum.wrapping_mul(31).wrapping_add(step)))
}

#[test]
fn the_ratio_says_how_much_longer_it_takes() {
    let mut table = Table::with(QUICK, None);
    let raw = table.raw("raw spin", || spin(1_000)).unwrap();
    assert_eq!(raw.ratio, Some(1.0));
    assert!(raw.nanoseconds > 0.0);
    let same = table.measure("same", "raw spin", || spin(1_000)).unwrap().ratio.unwrap();
    assert!((0.67..1.5).contains(&same), "the same work, but {same}");
    let threefold = table.measure("threefold", "raw spin", || (spin(3_000), Box::new(1))).unwrap();
    assert!((2.0..4.5).contains(&threefold.ratio.unwrap()), "three times the work, but {threefold:?}");
    assert_eq!(threefold.allocations, 1);
    assert_eq!(table.alone("alone", || spin(10)).unwrap().ratio, None);
}

#[test]
fn a_filter_leaves_out_the_rest_and_keeps_what_it_compares_with() {
    let mut table = Table::with(Effort::SMOKE, Some("verify".to_owned()));
    assert_eq!(table.raw("raw spin", || spin(10)), None);
    assert_eq!(table.alone("issue", || spin(10)), None);
    assert_eq!(table.measure("issue", "raw spin", || spin(10)), None);
    assert!(table.measure("verify", "raw spin", || spin(10)).unwrap().ratio.is_some());
}

#[test]
#[should_panic(expected = "not measured before it")]
fn comparing_with_nothing_is_a_mistake() {
    Table::with(Effort::SMOKE, None).measure("verify", "raw spin", || spin(10));
}
