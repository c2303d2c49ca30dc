package cluster

import (
	"errors"
	"strings"

	// The client of Redis' makers: one server or a Redis Cluster behind one interface, and
	// connections that are made anew by themselves.
	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// errURL does not repeat the address: there may be a password in it.
var errURL = errors.New("must be redis://user:password@host:6379/0, or rediss:// for TLS")

// CheckURL says whether NewRedis takes an address.
func CheckURL(url string) error {
	_, _, err := parse(url)
	return err
}

// parse understands an address: of one server, or of a Redis Cluster.
func parse(url string) (*redis.Options, *redis.ClusterOptions, error) {
	if scheme, _, _ := strings.Cut(url, ":"); scheme != "redis" && scheme != "rediss" {
		return nil, nil, errURL
	}
	if one, err := redis.ParseURL(url); err == nil {
		return one, nil, nil
	}
	if many, err := redis.ParseClusterURL(url); err == nil && len(many.Addrs) > 1 {
		return nil, many, nil
	}
	return nil, nil, errURL
}

// connect makes a client, which dials when it is first used. It gives up within Timeout: Run
// tries again, and says so. One retry, at once, is for a connection of the pool that was cut
// while nothing went through it, which is no sign that Redis is away.
func connect(cfg RedisConfig) (redis.UniversalClient, error) {
	one, many, err := parse(cfg.URL)
	if err != nil {
		return nil, err
	}
	hosted := &maintnotifications.Config{Mode: maintnotifications.ModeDisabled} // only a hosted Redis sends them
	if many != nil {
		many.DialTimeout, many.ReadTimeout, many.WriteTimeout, many.PoolTimeout = cfg.Timeout, cfg.Timeout, cfg.Timeout, cfg.Timeout
		many.ContextTimeoutEnabled = true
		many.DialerRetries, many.MaxRetries, many.PipelinePoolSize = 1, 1, -1
		many.DisableIdentity, many.MaintNotificationsConfig = true, hosted
		return redis.NewClusterClient(many), nil
	}
	one.DialTimeout, one.ReadTimeout, one.WriteTimeout, one.PoolTimeout = cfg.Timeout, cfg.Timeout, cfg.Timeout, cfg.Timeout
	one.ContextTimeoutEnabled = true
	one.DialerRetries, one.MaxRetries, one.PipelinePoolSize = 1, 1, -1
	one.DisableIdentity, one.MaintNotificationsConfig = true, hosted
	return redis.NewClient(one), nil
}
