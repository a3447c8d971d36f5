package main
import ("context";"fmt";"time";"github.com/jagawarga/jagawarga/server";"github.com/jagawarga/jagawarga/server/internal/sample";"github.com/jagawarga/jagawarga/civic")
type v struct{}
func (v) Verify(context.Context,string)(civic.Principal,error){return civic.Principal{Role:civic.RoleCitizen},nil}
func main(){ r:=&sample.Resolvers{Tick:make(chan int)}; go func(){for i:=0;;i++{r.Tick<-i;time.Sleep(300*time.Millisecond)}}(); s,err:=server.New(server.Config{Listen:"127.0.0.1:18099"},sample.New(r),v{}); fmt.Println(err); ctx,c:=context.WithTimeout(context.Background(),20*time.Minute); defer c(); fmt.Println(s.Run(ctx)) }
