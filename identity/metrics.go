package identity

import (
	"errors"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/jagawarga/jagawarga/civic"
)

// metrics count outcomes, never people.
type metrics struct {
	signIns, signUps *prometheus.CounterVec
	reuses           prometheus.Counter
	tokens           prometheus.Counter
	hashes           prometheus.Counter
}

// The outcomes of signing in or up.
const (
	resultOK      = "ok"
	resultRefused = "refused" // wrong password, unconfirmed national id, bad input...
	resultLocked  = "locked"
	resultFailed  = "failed" // our fault or the registry's
)

func newMetrics(registerer prometheus.Registerer) (*metrics, error) {
	m := &metrics{
		signIns: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "jagawarga_identity_sign_ins_total", Help: "Attempts to sign in, by outcome.",
		}, []string{"result"}),
		signUps: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "jagawarga_identity_sign_ups_total", Help: "Attempts to sign up, by outcome.",
		}, []string{"result"}),
		reuses: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "jagawarga_identity_token_reuses_total", Help: "Refresh tokens that came a second time.",
		}),
		tokens: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "jagawarga_identity_tokens_issued_total", Help: "Anonymous tokens that were signed.",
		}),
		hashes: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "jagawarga_identity_password_hashes_total", Help: "Passwords that were hashed, each for 19 MiB and some 25 ms of a core.",
		}),
	}
	for _, result := range []string{resultOK, resultRefused, resultLocked, resultFailed} { // from zero
		m.signIns.WithLabelValues(result)
		m.signUps.WithLabelValues(result)
	}
	if registerer == nil {
		return m, nil
	}
	return m, errors.Join(registerer.Register(m.signIns), registerer.Register(m.signUps), registerer.Register(m.reuses), registerer.Register(m.tokens),
		registerer.Register(m.hashes))
}

func resultOf(err error) string {
	if err == nil {
		return resultOK
	}
	border, ok := errors.AsType[*civic.Error](err)
	switch {
	case !ok || border.Code == civic.CodeUnavailable:
		return resultFailed
	case border.Code == civic.CodeRateLimited:
		return resultLocked
	default:
		return resultRefused
	}
}
