// What Rust programs of the bench share; lib/bench.h says what they print.

use std::time::Instant;

#[allow(dead_code)]
pub struct Bench {
    pub name: String,
    pub size: usize, // the case as a number, 0 if it is none
    pub ops: usize,  // of a slice
    pub warm: usize,
    pub slices: usize,
    pub done: Vec<f64>,
}

#[allow(dead_code)]
impl Bench {
    pub fn open() -> Bench {
        let words: Vec<String> = std::env::args().collect();
        let number = |i: usize, otherwise: usize| {
            words.get(i).and_then(|word| word.parse().ok()).unwrap_or(otherwise)
        };
        let ops = number(2, 1000);
        Bench {
            name: words.get(1).cloned().unwrap_or_default(),
            size: number(1, 0),
            ops,
            warm: number(3, ops / 10),
            slices: number(4, 1),
            done: Vec::new(),
        }
    }

    pub fn slice(&mut self, begin: Instant, ops: usize) {
        self.done.push(begin.elapsed().as_nanos() as f64 / ops as f64);
    }

    pub fn print(&mut self) {
        self.done.sort_by(|a, b| a.partial_cmp(b).unwrap());
        let n = self.done.len();
        println!("ns_per_op={:.4} ops={}",
                 (self.done[n / 2] + self.done[(n - 1) / 2]) / 2.0, self.ops);
    }
}

/// Runs `$work(&bench, ops).await`, which does some operations and returns how
/// many, on a runtime of one thread.
#[allow(unused_macros)]
macro_rules! bench_main {
    ($work:path) => {
        fn main() {
            let mut bench = bench::Bench::open();
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                if bench.warm > 0 {
                    $work(&bench, bench.warm).await;
                }
                for _ in 0..bench.slices {
                    let begin = std::time::Instant::now();
                    let ops = $work(&bench, bench.ops).await;
                    bench.slice(begin, ops);
                }
            });
            bench.print();
        }
    };
}

/// The same for `$work(&mut bench, ops).await`, which calls bench.slice once.
#[allow(unused_macros)]
macro_rules! bench_main_own {
    ($work:path) => {
        fn main() {
            let mut bench = bench::Bench::open();
            let (warm, ops) = (bench.warm, bench.ops);
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                if warm > 0 {
                    $work(&mut bench, warm).await;
                }
                bench.done.clear();
                for _ in 0..bench.slices {
                    $work(&mut bench, ops).await;
                }
            });
            bench.print();
        }
    };
}

/// A field of /proc/self/status, in bytes.
#[allow(dead_code)]
pub fn memory(field: &str) -> f64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap();
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix(field) {
            let words: Vec<&str> = rest.split_whitespace().collect();
            if rest.starts_with(':') {
                return words[1].parse::<f64>().unwrap() * 1024.0;
            }
        }
    }
    0.0
}
