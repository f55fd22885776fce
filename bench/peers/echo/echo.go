// The echo server in Go, a goroutine a connection: echo --port P. Run it with GOMAXPROCS=1, as an event loop has one thread.
package main

import (
	"flag"
	"fmt"
	"log"
	"net"
)

const receiveSize = 16 * 1024

func main() {
	port := flag.Int("port", 0, "0 for a free one")
	flag.Parse()
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", *port))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	for {
		connection, err := listener.Accept()
		if err != nil {
			log.Fatal(err)
		}
		go echo(connection)
	}
}

func echo(connection net.Conn) {
	defer connection.Close()
	buffer := make([]byte, receiveSize)
	for {
		n, err := connection.Read(buffer)
		if err != nil {
			return
		}
		if _, err := connection.Write(buffer[:n]); err != nil {
			return
		}
	}
}
