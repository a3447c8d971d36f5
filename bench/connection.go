package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// connection is an HTTP/1.1 client that does next to nothing: one that does more would take the processor from what it measures.
type connection struct {
	conn   net.Conn
	reader *bufio.Reader
	body   bytes.Buffer
}

// answerDeadline ends a measurement of a server that no longer answers.
const answerDeadline = time.Minute

func dial(address string) (*connection, error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	return &connection{conn: conn, reader: bufio.NewReaderSize(conn, 32<<10)}, nil
}

func (c *connection) close() { c.conn.Close() }

// ask sends a request and reads the answer; the body is good until the next one.
func (c *connection) ask(request []byte) (status int, body []byte, err error) {
	if err := c.conn.SetDeadline(time.Now().Add(answerDeadline)); err != nil {
		return 0, nil, err
	}
	if _, err := c.conn.Write(request); err != nil {
		return 0, nil, err
	}
	response, err := http.ReadResponse(c.reader, nil)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	c.body.Reset()
	_, err = io.Copy(&c.body, response.Body)
	return response.StatusCode, c.body.Bytes(), err
}

// good says whether the server did what it was asked: GraphQL tells its errors with status 200.
func good(status int, body []byte) bool {
	return status == http.StatusOK && !bytes.Contains(body, []byte(`"errors"`))
}

// get writes a request.
func get(path string) []byte {
	return fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", path)
}

func post(path, token string, body []byte) []byte {
	authorization := ""
	if token != "" {
		authorization = "Authorization: Bearer " + token + "\r\n"
	}
	return fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n%sContent-Length: %d\r\n\r\n%s",
		path, authorization, len(body), body)
}
