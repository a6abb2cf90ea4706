//! Measures operations against raw ones, and prints a line for each:
//!
//! ```text
//! verify vc+jwt Ed25519                              36210 ns       41 allocs    1.08x
//! ```
//!
//! On a busy machine two figures taken one after the other say little about each other. So each round runs a batch of
//! the raw operation and a batch of the measured one, in turns, and the ratio is the median of the rounds' ratios:
//! what slows a round slows both. Time is the median round, per call; allocations are those of one warm call.

pub(crate) mod counting;

use std::hint::black_box;
use std::time::{Duration, Instant};

/// How long measuring takes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Effort {
    /// How long one batch of calls should last.
    pub(crate) batch: Duration,
    /// Rounds for an operation, at most.
    pub(crate) rounds: usize,
    /// How long the rounds of one operation may last together; [`Effort::FEWEST_ROUNDS`] are always run.
    pub(crate) ceiling: Duration,
}

impl Effort {
    /// For figures.
    pub(crate) const FULL: Self =
        Self { batch: Duration::from_millis(2), rounds: 201, ceiling: Duration::from_secs(6) };

    /// To see that everything runs.
    pub(crate) const SMOKE: Self = Self { batch: Duration::ZERO, rounds: 1, ceiling: Duration::ZERO };

    /// Fewer say nothing about noise.
    pub(crate) const FEWEST_ROUNDS: usize = 15;
}

/// What measuring found, per call.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Figures {
    pub(crate) nanoseconds: f64,
    pub(crate) allocations: u64,
    /// Time divided by the raw operation's; `None` where there is nothing to compare with.
    pub(crate) ratio: Option<f64>,
}

struct Operation<'a> {
    name: String,
    run: Box<dyn FnMut() + 'a>,
    calls: u32,
}

/// Runs operations and prints their lines as it goes.
pub(crate) struct Table<'a> {
    effort: Effort,
    filter: Option<String>,
    raws: Vec<Operation<'a>>,
}

impl<'a> Table<'a> {
    /// Reads the arguments: a word is a filter on names, and without `--bench`, which `cargo bench` adds, each
    /// operation runs once only, so that `cargo test --benches` is quick.
    pub(crate) fn new() -> Self {
        let arguments: Vec<String> = std::env::args().skip(1).collect();
        let effort = if arguments.iter().any(|argument| argument == "--bench") { Effort::FULL } else { Effort::SMOKE };
        Self::with(effort, arguments.into_iter().find(|argument| !argument.starts_with('-')))
    }

    /// A table that takes its effort and filter as given.
    pub(crate) fn with(effort: Effort, filter: Option<String>) -> Self {
        Self { effort, filter, raws: Vec::new() }
    }

    /// Measures a raw operation, and keeps it to compare others with. Its ratio is 1.
    pub(crate) fn raw<T>(&mut self, name: &str, operation: impl FnMut() -> T + 'a) -> Option<Figures> {
        let mut operation = self.prepare(name, operation);
        let figures = self.wants(name).then(|| {
            let figures = Figures { ratio: Some(1.0), ..rounds(&mut operation, None, self.effort) };
            print(&operation.name, figures);
            figures
        });
        self.raws.push(operation);
        figures
    }

    /// Measures an operation, in turns with the raw one of that name.
    ///
    /// # Panics
    /// When no raw operation has that name: a mistake in the benchmark.
    pub(crate) fn measure<T>(
        &mut self,
        name: &str,
        raw_name: &str,
        operation: impl FnMut() -> T + 'a,
    ) -> Option<Figures> {
        let known = self.raws.iter().position(|raw| raw.name == raw_name);
        assert!(known.is_some(), "`{name}` is compared with `{raw_name}`, which is not measured before it");
        let mut operation = self.wants(name).then(|| self.prepare(name, operation))?;
        let raw = known.and_then(|at| self.raws.get_mut(at));
        let figures = rounds(&mut operation, raw, self.effort);
        print(&operation.name, figures);
        Some(figures)
    }

    /// Measures an operation that has no raw counterpart.
    pub(crate) fn alone<T>(&mut self, name: &str, operation: impl FnMut() -> T + 'a) -> Option<Figures> {
        let mut operation = self.wants(name).then(|| self.prepare(name, operation))?;
        let figures = rounds(&mut operation, None, self.effort);
        print(&operation.name, figures);
        Some(figures)
    }

    fn wants(&self, name: &str) -> bool {
        self.filter.as_deref().is_none_or(|filter| name.contains(filter))
    }

    /// Warms the operation up, and finds how many calls fill a batch.
    fn prepare<T>(&self, name: &str, mut operation: impl FnMut() -> T + 'a) -> Operation<'a> {
        let run = Box::new(move || {
            black_box(operation());
        });
        let mut prepared = Operation { name: name.to_owned(), run, calls: 1 };
        while prepared.batch() < self.effort.batch && prepared.calls < u32::MAX / 2 {
            prepared.calls *= 2;
        }
        prepared
    }
}

impl Operation<'_> {
    fn batch(&mut self) -> Duration {
        let start = Instant::now();
        for _ in 0..self.calls {
            (self.run)();
        }
        start.elapsed()
    }

    /// Nanoseconds a call, over one batch.
    fn per_call(&mut self) -> f64 {
        self.batch().as_secs_f64() * 1e9 / f64::from(self.calls)
    }
}

fn rounds(operation: &mut Operation<'_>, mut raw: Option<&mut Operation<'_>>, effort: Effort) -> Figures {
    let start = Instant::now();
    let (mut times, mut ratios) = (Vec::new(), Vec::new());
    for round in 0..effort.rounds {
        if round >= Effort::FEWEST_ROUNDS && start.elapsed() > effort.ceiling {
            break;
        }
        // Who goes first changes from round to round, so that neither always meets the warmer cache.
        let raw_first = round % 2 == 0;
        let before = raw.as_deref_mut().filter(|_| raw_first).map(Operation::per_call);
        let time = operation.per_call();
        let after = raw.as_deref_mut().filter(|_| !raw_first).map(Operation::per_call);
        times.push(time);
        ratios.extend(before.or(after).map(|raw| time / raw));
    }
    let (_, allocations) = counting::allocations(|| (operation.run)());
    Figures { nanoseconds: median(&mut times).unwrap_or(f64::NAN), allocations, ratio: median(&mut ratios) }
}

/// The middle value; the mean of the two middle ones of an even number; `None` of none.
pub(crate) fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let upper = *values.get(values.len() / 2)?;
    if values.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = *values.get(values.len() / 2 - 1)?;
    Some(f64::midpoint(lower, upper))
}

/// One line of the table: the name, time, allocations, and the ratio last.
pub(crate) fn line(name: &str, figures: Figures) -> String {
    let ratio = figures.ratio.map_or_else(|| "-".to_owned(), |ratio| format!("{ratio:.2}x"));
    format!("{name:<46}   {:>9.0} ns   {:>6} allocs   {ratio:>7}", figures.nanoseconds, figures.allocations)
}

#[allow(clippy::print_stdout, reason = "a benchmark's result is what it prints")]
fn print(name: &str, figures: Figures) {
    println!("{}", line(name, figures));
}
