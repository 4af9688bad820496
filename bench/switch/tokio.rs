// Tasks that let all others run: yield_now on a runtime of one thread.
//
// Config: current_thread runtime. The clock starts when all tasks have run up
// to their first yield.

#[path = "../lib/bench.rs"]
#[macro_use]
mod bench;

async fn switches(bench: &mut bench::Bench, ops: usize) {
    let each = (ops / bench.size).max(1);
    let tasks: Vec<_> = (0..bench.size)
        .map(|_| {
            tokio::spawn(async move {
                for _ in 0..each + 1 {
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    // Behind them in the queue, as the main future is not.
    let begin = tokio::spawn(async { std::time::Instant::now() })
        .await
        .unwrap();
    for task in tasks {
        task.await.unwrap();
    }
    bench.slice(begin, each * bench.size);
}

bench_main_own!(switches);
