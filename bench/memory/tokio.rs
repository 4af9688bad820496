// Tasks that wait for a Notify.
//
// Config: current_thread runtime; tasks have no stack.

#[path = "../lib/bench.rs"]
mod bench;

use std::sync::Arc;
use tokio::sync::Notify;

fn main() {
    let bench = bench::Bench::open();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let never = Arc::new(Notify::new());
        let resident = bench::memory("VmRSS");
        let tables = bench::memory("VmPTE");
        for _ in 0..bench.ops {
            let never = never.clone();
            tokio::spawn(async move { never.notified().await });
        }
        tokio::spawn(async {}).await.unwrap();
        let count = bench.ops as f64;
        let resident = (bench::memory("VmRSS") - resident) / count;
        let tables = (bench::memory("VmPTE") - tables) / count;
        println!("bytes={:.1} tables={:.1} both={:.1} ops={}", resident,
                 tables, resident + tables, bench.ops);
        std::process::exit(0);
    });
}
