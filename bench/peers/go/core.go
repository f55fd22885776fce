// The core rows in Go: core [ROW ...] prints {"version": ..., "rows": {ROW: {"ns": ..., "wall_ns": ..., "bytes": ...}}} on
// one line; ns is processor time.
// Run it with GOMAXPROCS=1: one thread, as an event loop has. bytes is what an operation allocated; for
// sleeping_task it is heap and stack in use over 100,000 sleeping goroutines.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

type sample struct {
	Ns     *float64 `json:"ns,omitempty"`
	WallNs *float64 `json:"wall_ns,omitempty"`
	Bytes  *float64 `json:"bytes,omitempty"`
}

type row struct {
	name    string
	run     func(count int) sample
	warmUp  int
	measure int
}

var rows = []row{
	{"switch", func(n int) sample { return switchAmong(1, n) }, 50_000, 2_000_000},
	{"switch_100", func(n int) sample { return switchAmong(100, n) }, 50_000, 2_000_000},
	{"spawn_join", spawnJoin, 20_000, 500_000},
	{"spawn_join_1000", spawnJoin1000, 20_000, 500_000},
	{"queue_hop", queueHop, 20_000, 1_000_000},
	{"free_lock", freeLock, 50_000, 5_000_000},
	{"timer", timerAddCancel, 0, 500_000},
	{"sleeping_task", sleepingTask, 0, 100_000},
}

func timed(count int, body func()) sample {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	processor, wall := processorTime(), time.Now()
	body()
	ns := float64(processorTime()-processor) / float64(count)
	wallNs := float64(time.Since(wall).Nanoseconds()) / float64(count)
	runtime.ReadMemStats(&after)
	bytes := float64(after.TotalAlloc-before.TotalAlloc) / float64(count)
	return sample{Ns: &ns, WallNs: &wallNs, Bytes: &bytes}
}

// processorTime is that of all threads of the process, in nanoseconds: CLOCK_PROCESS_CPUTIME_ID.
func processorTime() int64 {
	var time syscall.Timespec
	if _, _, failure := syscall.Syscall(syscall.SYS_CLOCK_GETTIME, 2, uintptr(unsafe.Pointer(&time)), 0); failure != 0 {
		panic(failure)
	}
	return time.Nano()
}

func switchAmong(goroutines, count int) sample {
	return timed(count, func() {
		var all sync.WaitGroup
		all.Add(goroutines)
		for i := 0; i < goroutines; i++ {
			go func() {
				for k := 0; k < count/goroutines; k++ {
					runtime.Gosched()
				}
				all.Done()
			}()
		}
		all.Wait()
	})
}

func spawnJoin(count int) sample {
	return timed(count, func() {
		var one sync.WaitGroup
		for i := 0; i < count; i++ {
			one.Add(1)
			go func() { one.Done() }()
			one.Wait()
		}
	})
}

func spawnJoin1000(count int) sample {
	return timed(count, func() {
		var all sync.WaitGroup
		for i := 0; i < count/1000; i++ {
			all.Add(1000)
			for k := 0; k < 1000; k++ {
				go func() { all.Done() }()
			}
			all.Wait()
		}
	})
}

func queueHop(count int) sample {
	there, back := make(chan int, 1), make(chan int, 1)
	go func() {
		for item := range there {
			back <- item
		}
	}()
	defer close(there)
	return timed(count, func() {
		for i := 0; i < count/2; i++ {
			there <- 1
			<-back
		}
	})
}

func freeLock(count int) sample {
	var lock sync.Mutex
	return timed(count, func() {
		for i := 0; i < count; i++ {
			lock.Lock()
			lock.Unlock()
		}
	})
}

// Ten minutes to seventy, the same scattered order on every side.
func delay(index int) time.Duration {
	return time.Duration(600+index*7919%3600) * time.Second
}

func never() { panic("a timer of this benchmark fired") }

func timerAddCancel(count int) sample {
	live := make([]*time.Timer, 1_000_000)
	for i := range live {
		live[i] = time.AfterFunc(delay(i), never)
	}
	timer := time.AfterFunc(delay(0), never)
	timer.Stop()
	result := timed(count, func() {
		for block := 0; block < count; block += 1000 {
			for i := block; i < block+1000; i++ {
				timer.Reset(delay(i))
				timer.Stop()
			}
			runtime.Gosched()
		}
	})
	for _, one := range live {
		one.Stop()
	}
	return result
}

func inUse() uint64 {
	runtime.GC()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc + stats.StackInuse
}

func sleepingTask(count int) sample {
	before := inUse()
	for i := 0; i < count; i++ {
		go time.Sleep(time.Hour)
	}
	time.Sleep(10 * time.Millisecond)
	bytes := float64(inUse()-before) / float64(count)
	return sample{Bytes: &bytes}
}

func main() {
	wanted := map[string]bool{}
	for _, name := range os.Args[1:] {
		wanted[name] = true
	}
	measured := map[string]sample{}
	for _, row := range rows {
		if !wanted[row.name] && (len(wanted) > 0 || row.name == "sleeping_task") {
			continue
		}
		if row.warmUp > 0 {
			row.run(row.warmUp)
		}
		measured[row.name] = row.run(row.measure)
	}
	report, err := json.Marshal(map[string]interface{}{"version": runtime.Version(), "rows": measured})
	if err != nil {
		panic(err)
	}
	fmt.Println(string(report))
}
