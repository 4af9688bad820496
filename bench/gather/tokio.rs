// A JoinSet of N tasks that return a number each.
//
// Config: current_thread runtime; results come in the order of completion, and
// each says which task it is of.

#[path = "../lib/bench.rs"]
#[macro_use]
mod bench;

async fn gather(bench: &bench::Bench, ops: usize) -> usize {
    let count = bench.size.min(ops);
    let mut results = vec![0; count];
    let mut done = 0;
    while done < ops {
        let mut tasks = tokio::task::JoinSet::new();
        for i in 0..count {
            tasks.spawn(async move { (i, i) });
        }
        while let Some(result) = tasks.join_next().await {
            let (i, value) = result.unwrap();
            results[i] = value;
        }
        assert!(results[count - 1] == count - 1);
        done += count;
    }
    done
}

bench_main!(gather);
