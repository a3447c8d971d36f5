package ws_test
import ("testing";"runtime";"net";"fmt";"strings";"bufio";"time";"github.com/gorilla/websocket";"net/http";"net/url";"github.com/jagawarga/jagawarga/server/ws")
func TestZZMem(t *testing.T){
 p:=open(t,ws.Config{},people)
 mem:=func() uint64 { runtime.GC();runtime.GC(); var m runtime.MemStats; runtime.ReadMemStats(&m); return m.HeapAlloc+m.StackInuse }
 n:=2000
 b:=mem(); g:=runtime.NumGoroutine()
 var cs []net.Conn
 u,_:=url.Parse(p.url)
 for range n { c,err:=net.Dial("tcp",u.Host); if err!=nil{t.Fatal(err)}; 
  fmt.Fprintf(c,"GET / HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n",u.Host)
  r:=bufio.NewReaderSize(c,64); for { l,_:=r.ReadString('\n'); if strings.TrimSpace(l)=="" {break} }
  send:=func(s string){ h:=[]byte{0x81,0x80|byte(len(s))}; h=append(h,0,0,0,0); c.Write(append(h,s...)) }
  send(`{"type":"connection_init","payload":{"Authorization":"Bearer officer"}}`)
  send(`{"id":"1","type":"subscribe","payload":{"query":"subscription{forever}"}}`)
  cs=append(cs,c)
 }
 for p.resolvers.Watching.Load()<int64(n) { time.Sleep(time.Millisecond) }
 time.Sleep(300*time.Millisecond)
 t.Logf("bytes per watcher %d goroutines %.2f", (mem()-b)/uint64(n), float64(runtime.NumGoroutine()-g)/float64(n))
 for _,c:=range cs{c.Close()}
 _ = websocket.TextMessage; _ = http.StatusOK
}
