// One goroutine wakes another; cede.c says by what.
//
// Config: GOMAXPROCS=1. A future is a channel of one place, made for each
// wake-up. A lock is a channel that holds a token, which goes to who waits for
// it: sync.Mutex does not hand over, who releases it takes it again at once. The
// queue is a channel of one place, the channel
// has none.

package main

import "runtime"

func futures(ops int) {
	var pending [2]chan int
	done := make(chan struct{})
	for me := 0; me < 2; me++ {
		go func(me int) {
			for i := 0; i < ops/2; i++ {
				mine, theirs := make(chan int, 1), pending[1-me]
				pending[me], pending[1-me] = mine, nil
				if theirs != nil {
					theirs <- i
				}
				<-mine
			}
			if theirs := pending[1-me]; theirs != nil {
				pending[1-me] = nil
				theirs <- ops
			}
			done <- struct{}{}
		}(me)
	}
	<-done
	<-done
}

func lock(ops int) {
	token := make(chan struct{}, 1)
	done := make(chan struct{})
	for me := 0; me < 2; me++ {
		go func() {
			for i := 0; i < ops/2; i++ {
				<-token
				token <- struct{}{} // goes to who waits for it
			}
			done <- struct{}{}
		}()
	}
	runtime.Gosched() // both wait
	token <- struct{}{}
	<-done
	<-done
}

func channel(ops, places int) {
	items := make(chan int, places)
	done := make(chan struct{})
	go func() {
		for i := 0; i < ops; i++ {
			items <- i
		}
	}()
	go func() {
		for i := 0; i < ops; i++ {
			<-items
		}
		done <- struct{}{}
	}()
	<-done
}

func wake(b *bench, ops int) int {
	switch b.name {
	case "future":
		futures(ops)
	case "lock":
		lock(ops)
	case "queue":
		channel(ops, 1)
	default:
		channel(ops, 0)
	}
	return ops
}

func main() {
	benchOpen().run(wake)
}
