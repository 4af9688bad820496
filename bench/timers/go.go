// time.AfterFunc and Stop; cede.c says what is done with them.
//
// Config: GOMAXPROCS=1. Each timer that is due starts a goroutine for its
// function, as AfterFunc says; they are counted without atomics. While time
// passes the thread is in raw system calls, during which the scheduler runs
// nothing: else timers would run before they are timed.

package main

import (
	"fmt"
	"math/rand"
	"runtime"
	"syscall"
	"time"
	"unsafe"
)

// monotonic is time.Now without a place where the scheduler may come in.
//
//go:nosplit
func monotonic() int64 {
	var now syscall.Timespec
	syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, 1,
		uintptr(unsafe.Pointer(&now)), 0)
	return now.Sec*1e9 + now.Nsec
}

// sleepUntil does not let the scheduler in either; it returns the time.
//
//go:nosplit
func sleepUntil(when int64) int64 {
	until := syscall.Timespec{Sec: when / 1e9, Nsec: when % 1e9}
	for monotonic() < when {
		syscall.RawSyscall6(syscall.SYS_CLOCK_NANOSLEEP, 1, 1,
			uintptr(unsafe.Pointer(&until)), 0, 0, 0)
	}
	return monotonic()
}

func main() {
	b := benchOpen()
	count := b.ops
	base, span := 100*time.Millisecond, 100*time.Millisecond
	if count > 100000 {
		base, span = 2*time.Second, time.Second
	}
	timers := make([]*time.Timer, count)
	delays := make([]time.Duration, count)
	chance := rand.New(rand.NewSource(1))
	ran := 0
	run := func() { ran++ }
	var insert, cancel, expire []float64

	for slice := 0; slice < b.slices; {
		for i := range delays {
			delays[i] = base + time.Duration(chance.Int63n(int64(span)))
		}
		start := monotonic()
		for i := range timers {
			timers[i] = time.AfterFunc(delays[i], run)
		}
		made := monotonic()
		for i := 0; i < count; i += 2 {
			timers[i].Stop()
		}
		stopped := monotonic()
		due := sleepUntil(stopped + int64(base+span) + 2e6)
		early := ran
		for ran < count/2 {
			runtime.Gosched()
		}
		end := monotonic()
		ran = 0
		if early > 0 {
			continue // the scheduler came in all the same
		}
		slice++
		per := func(ns int64, ops int) float64 {
			return float64(ns) / float64(ops)
		}
		insert = append(insert, per(made-start, count))
		cancel = append(cancel, per(stopped-made, (count+1)/2))
		expire = append(expire, per(end-due, count/2))
	}
	i, c, e := benchMedian(insert), benchMedian(cancel), benchMedian(expire)
	fmt.Printf("ns_per_op=%.2f insert=%.2f cancel=%.2f expire=%.2f ops=%d\n",
		i+c+e, i, c, e, count)
}
