// SPDX-License-Identifier: Apache-2.0

// Two goroutines, two pipes, one byte there and one back; prints nanoseconds per round trip.
//
//	pingpong [WARM_UP_TRIPS] [TRIPS]
package main

import (
	"fmt"
	"os"
	"strconv"
	"time"
)

func must[T any](value T, err error) T {
	if err != nil {
		fmt.Fprintln(os.Stderr, "pingpong:", err)
		os.Exit(1)
	}
	return value
}

func number(index, otherwise int) int {
	if len(os.Args) <= index {
		return otherwise
	}
	return must(strconv.Atoi(os.Args[index]))
}

func pipe() (*os.File, *os.File) {
	in, out, err := os.Pipe()
	must(in, err)
	return in, out
}

func main() {
	warmUp, trips := number(1, 100000), number(2, 500000)
	thereIn, thereOut := pipe()
	backIn, backOut := pipe()

	go func() {
		buffer := make([]byte, 1)
		for {
			must(thereIn.Read(buffer))
			must(backOut.Write(buffer))
		}
	}()

	buffer := make([]byte, 1)
	play := func(count int) {
		for range count {
			must(thereOut.Write(buffer))
			must(backIn.Read(buffer))
		}
	}
	play(warmUp)
	start := time.Now()
	play(trips)
	fmt.Println(time.Since(start).Nanoseconds() / int64(trips))
}
