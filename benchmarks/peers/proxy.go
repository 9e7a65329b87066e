// SPDX-License-Identifier: Apache-2.0

// A TCP proxy by io.Copy, which splices between two TCP connections.
//
//	proxy PORT TARGET_PORT
package main

import (
	"fmt"
	"io"
	"net"
	"os"
)

// relay copies one way until the end, and passes that on.
func relay(to, from *net.TCPConn, done chan<- struct{}) {
	io.Copy(to, from)
	to.CloseWrite()
	done <- struct{}{}
}

func serve(client *net.TCPConn, target string) {
	defer client.Close()
	connection, err := net.Dial("tcp", target)
	if err != nil {
		fmt.Fprintln(os.Stderr, "proxy:", err)
		return
	}
	server := connection.(*net.TCPConn)
	defer server.Close()
	done := make(chan struct{}, 2)
	go relay(server, client, done)
	relay(client, server, done)
	<-done
	<-done
}

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:"+os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "proxy:", err)
		os.Exit(1)
	}
	for {
		client, err := listener.Accept()
		if err != nil {
			fmt.Fprintln(os.Stderr, "proxy:", err)
			os.Exit(1)
		}
		go serve(client.(*net.TCPConn), "127.0.0.1:"+os.Args[2])
	}
}
