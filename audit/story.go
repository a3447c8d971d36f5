package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	random "math/rand/v2"
	"sync"
	"time"

	"github.com/jagawarga/jagawarga/internal/blindtoken"
)

var wire = base64.RawURLEncoding

const atOnce = 4

// The people of a story, and the order in which they filed.
type cast struct {
	people []*person
	filing []int
}

// play lets people sign up and draw tokens in one order, file in another, and answer in a third: whoever can put the orders together
// again has linked them.
func (c *city) play(ctx context.Context, n int, dice *random.Rand) (*cast, error) {
	all := &cast{people: make([]*person, n)}
	for i := range all.people {
		all.people[i] = newPerson(dice, i)
	}
	if err := c.tokenKeyIsThere(ctx); err != nil {
		return nil, err
	}
	sessions, tokens := make([]string, n), make([]vars, n)
	if err := inTurn(ctx, dice.Perm(n), func(ctx context.Context, i int) (err error) {
		sessions[i], tokens[i], err = c.signUp(ctx, all.people[i])
		return err
	}); err != nil {
		return nil, err
	}
	category, err := c.category(ctx, "pungli")
	if err != nil {
		return nil, err
	}
	all.filing = dice.Perm(n)
	if err := inTurn(ctx, all.filing, func(ctx context.Context, i int) error {
		if all.people[i].byToken {
			return c.file(ctx, all.people[i], category, "", tokens[i])
		}
		return c.file(ctx, all.people[i], category, sessions[i], nil)
	}); err != nil {
		return nil, err
	}
	if err := inTurn(ctx, dice.Perm(n), func(ctx context.Context, i int) error { return c.reply(ctx, all.people[i]) }); err != nil {
		return nil, err
	}
	return all, nil
}

// inTurn begins the work in the order given, a few at once.
func inTurn(ctx context.Context, order []int, work func(ctx context.Context, i int) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var (
		running sync.WaitGroup
		mu      sync.Mutex
		failure error
	)
	room := make(chan struct{}, atOnce)
	for _, i := range order {
		room <- struct{}{}
		running.Go(func() {
			defer func() { <-room }()
			if err := work(ctx, i); err != nil {
				mu.Lock()
				failure = errors.Join(failure, err)
				mu.Unlock()
				cancel()
			}
		})
		if ctx.Err() != nil {
			break
		}
	}
	running.Wait()
	return failure
}

const (
	tokenKeyQuery = `query{anonymousTokenKey{keyId publicKey}}`
	signUpQuery   = `mutation($input:SignUpInput!){signUp(input:$input){accessToken refreshToken}}`
	drawQuery     = `mutation($b:[String!]!){issueAnonymousTokens(blinded:$b){keyId blindSignatures}}`
	publicQuery   = `mutation($input:SubmitReportInput!){submitReport(input:$input){report{id}}}`
	fileQuery     = `mutation($input:SubmitAnonymousReportInput!){submitAnonymousReport(input:$input){receipt receiptWords number}}`
	replyQuery    = `mutation($r:String!,$b:String!){replyAsAnonymous(receipt:$r,body:$b){unread}}`
	categoryQuery = `query{categories{id code}}`
)

type tokenKey struct{ KeyID, PublicKey string }

func (c *city) tokenKey(ctx context.Context) (tokenKey, error) {
	var data struct{ AnonymousTokenKey tokenKey }
	err := c.ask(ctx, request{query: tokenKeyQuery}, &data)
	return data.AnonymousTokenKey, err
}

// tokenKeyIsThere waits for the key of a city that has just been founded.
func (c *city) tokenKeyIsThere(ctx context.Context) error {
	for began := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		if _, err := c.tokenKey(ctx); err == nil || time.Since(began) > patience {
			return err
		}
	}
}

// signUp makes the account, draws a token as a browser does, and files a public report under the account's own name.
func (c *city) signUp(ctx context.Context, p *person) (session string, token vars, err error) {
	var data struct {
		SignUp struct{ AccessToken, RefreshToken string }
	}
	input := vars{"nationalId": p.nik, "name": p.name, "phone": p.phone, "password": p.password}
	if err := c.ask(ctx, request{from: p, query: signUpQuery, vars: vars{"input": input}}, &data); err != nil {
		return "", nil, err
	}
	session = data.SignUp.AccessToken
	p.keep("access token", session)
	p.keep("refresh token", data.SignUp.RefreshToken)
	if token, err = c.draw(ctx, p, session); err != nil {
		return "", nil, err
	}
	public := vars{"title": "Lampu jalan mati", "body": "Lampu di depan pasar padam sejak kemarin.", "visibility": "PUBLIC"}
	return session, token, c.ask(ctx, request{from: p, token: session, query: publicQuery, vars: vars{"input": public}}, new(any))
}

func (c *city) draw(ctx context.Context, p *person, session string) (vars, error) {
	key, err := c.tokenKey(ctx)
	if err != nil {
		return nil, err
	}
	raw, err := wire.DecodeString(key.PublicKey)
	if err != nil {
		return nil, err
	}
	public, err := blindtoken.ParsePublicKey(raw)
	if err != nil {
		return nil, err
	}
	message, err := public.Prepare(rand.Reader, nil)
	if err != nil {
		return nil, err
	}
	blinded, blinding, err := public.Blind(rand.Reader, message)
	if err != nil {
		return nil, err
	}
	var data struct {
		IssueAnonymousTokens struct {
			KeyID           string
			BlindSignatures []string
		}
	}
	if err := c.ask(ctx, request{from: p, token: session, query: drawQuery, vars: vars{"b": []string{wire.EncodeToString(blinded)}}}, &data); err != nil {
		return nil, err
	}
	issued := data.IssueAnonymousTokens
	blind, err := wire.DecodeString(issued.BlindSignatures[0])
	if err != nil {
		return nil, err
	}
	signature, err := blinding.Finalize(blind)
	if err != nil {
		return nil, err
	}
	token := vars{"keyId": issued.KeyID, "message": wire.EncodeToString(message), "signature": wire.EncodeToString(signature)}
	p.keep("blinded token", wire.EncodeToString(blinded))
	p.keep("blind signature", issued.BlindSignatures[0])
	p.keep("token", token["message"].(string))
	p.keep("token's signature", token["signature"].(string))
	return token, nil
}

func (c *city) category(ctx context.Context, code string) (string, error) {
	var data struct{ Categories []struct{ ID, Code string } }
	if err := c.ask(ctx, request{query: categoryQuery}, &data); err != nil {
		return "", err
	}
	for _, category := range data.Categories {
		if category.Code == code {
			return category.ID, nil
		}
	}
	return "", fmt.Errorf("the demo city has no category %q", code)
}

func (c *city) file(ctx context.Context, p *person, category, session string, token vars) error {
	key := make([]byte, 16)
	if _, err := rand.Read(key); err != nil {
		return err
	}
	picture, err := p.picture()
	if err != nil {
		return err
	}
	p.keep("client key", wire.EncodeToString(key))
	input := vars{
		"clientKey": wire.EncodeToString(key), "title": "Pungutan liar di loket", "body": p.body(), "category": category,
		"location": vars{"latitude": p.latitude, "longitude": p.longitude}, "media": []any{nil},
	}
	if token != nil {
		input["token"] = token
	}
	var data struct {
		SubmitAnonymousReport struct{ Receipt, ReceiptWords, Number string }
	}
	if err := c.ask(ctx, request{from: p, token: session, query: fileQuery, vars: vars{"input": input}, picture: picture}, &data); err != nil {
		return err
	}
	got := data.SubmitAnonymousReport
	p.filed = filed{got.Receipt, got.ReceiptWords, got.Number}
	return nil
}

// reply writes by receipt. The report may still be on its way in.
func (c *city) reply(ctx context.Context, p *person) error {
	for began := time.Now(); ; time.Sleep(100 * time.Millisecond) {
		err := c.ask(ctx, request{from: p, query: replyQuery, vars: vars{"r": p.filed.receipt, "b": p.reply()}}, new(any))
		if err == nil || time.Since(began) > patience || ctx.Err() != nil {
			return err
		}
	}
}
