// One task wakes another; cede.c says by what.
//
// Config: current_thread runtime; oneshot (made for each wake-up), Mutex (which
// is fair), mpsc of one place. Tokio has no channel without a place.

#[path = "../lib/bench.rs"]
#[macro_use]
mod bench;

use std::sync::{Arc, Mutex as Plain};
use tokio::sync::{mpsc, oneshot, Mutex};

type Pending = Arc<Plain<[Option<oneshot::Sender<usize>>; 2]>>;

async fn answer(pending: Pending, me: usize, ops: usize) {
    for i in 0..ops / 2 {
        let (sender, mine) = oneshot::channel();
        let theirs = {
            let mut both = pending.lock().unwrap();
            both[me] = Some(sender);
            both[1 - me].take()
        };
        if let Some(theirs) = theirs {
            theirs.send(i).unwrap();
        }
        mine.await.unwrap();
    }
    let theirs = pending.lock().unwrap()[1 - me].take();
    if let Some(theirs) = theirs {
        theirs.send(ops).unwrap();
    }
}

async fn futures(ops: usize) {
    let pending: Pending = Default::default();
    let one = tokio::spawn(answer(pending.clone(), 0, ops));
    let two = tokio::spawn(answer(pending, 1, ops));
    one.await.unwrap();
    two.await.unwrap();
}

async fn take(wanted: Arc<Mutex<()>>, ops: usize) {
    for _ in 0..ops / 2 {
        drop(wanted.lock().await);
    }
}

async fn lock(ops: usize) {
    let wanted = Arc::new(Mutex::new(()));
    let held = wanted.lock().await;
    let one = tokio::spawn(take(wanted.clone(), ops));
    let two = tokio::spawn(take(wanted.clone(), ops));
    // Behind them in the queue: when it has run, both wait.
    tokio::spawn(async {}).await.unwrap();
    drop(held);
    one.await.unwrap();
    two.await.unwrap();
}

async fn queue(ops: usize) {
    let (sender, mut receiver) = mpsc::channel(1);
    let put = tokio::spawn(async move {
        for i in 0..ops {
            sender.send(i).await.unwrap();
        }
    });
    let get = tokio::spawn(async move {
        for _ in 0..ops {
            receiver.recv().await.unwrap();
        }
    });
    put.await.unwrap();
    get.await.unwrap();
}

async fn wake(bench: &bench::Bench, ops: usize) -> usize {
    match bench.name.as_str() {
        "future" => futures(ops).await,
        "lock" => lock(ops).await,
        _ => queue(ops).await,
    }
    ops
}

bench_main!(wake);
