// tokio::spawn and await.
//
// Config: current_thread runtime; tasks are Send, as spawn wants them.

#[path = "../lib/bench.rs"]
#[macro_use]
mod bench;

async fn spawn(_bench: &bench::Bench, ops: usize) -> usize {
    for i in 0..ops {
        let got = tokio::spawn(async move { i }).await.unwrap();
        assert!(got == i);
    }
    ops
}

bench_main!(spawn);
