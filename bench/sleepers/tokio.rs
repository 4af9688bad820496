// Tasks that sleep; cede.c says for how long.
//
// Config: current_thread runtime; its timers are of a millisecond.

#[path = "../lib/bench.rs"]
mod bench;

use std::time::{Duration, Instant};

fn cpu() -> f64 {
    let text = std::fs::read_to_string("/proc/self/schedstat").unwrap();
    text.split_whitespace().next().unwrap().parse().unwrap()
}

fn main() {
    let bench = bench::Bench::open();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut seed: u64 = 1;
        let (begin, before) = (Instant::now(), cpu());
        let tasks: Vec<_> = (0..bench.ops)
            .map(|_| {
                seed = seed
                    .wrapping_mul(6364136223846793005)
                    .wrapping_add(1442695040888963407);
                let delay = (seed >> 32) * 1_000_000_000 >> 32;
                tokio::spawn(tokio::time::sleep(Duration::from_nanos(delay)))
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        println!("wall={} cpu={} peak={} ops={}", begin.elapsed().as_nanos(),
                 cpu() - before, bench::memory("VmHWM"), bench.ops);
    });
}
