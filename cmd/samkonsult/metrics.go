package main

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/samkonsult/samkonsult/sfu"
	"github.com/samkonsult/samkonsult/signaling"
)

// metric is one number that media or calls count, under its Prometheus name.
type metric struct {
	desc *prometheus.Desc
	kind prometheus.ValueType
	read func(sfu.Stats, signaling.Counts) float64
}

// serviceMetrics reads the counters of media and calls when it is asked.
type serviceMetrics struct {
	media   func() sfu.Stats
	calls   func() signaling.Counts
	metrics []metric
}

func newServiceMetrics(media func() sfu.Stats, calls func() signaling.Counts) *serviceMetrics {
	m := &serviceMetrics{media: media, calls: calls}
	add := func(kind prometheus.ValueType, name, help string, read func(sfu.Stats, signaling.Counts) float64) {
		m.metrics = append(m.metrics, metric{prometheus.NewDesc("samkonsult_"+name, help, nil, nil), kind, read})
	}
	gauge, counter := prometheus.GaugeValue, prometheus.CounterValue
	add(gauge, "connections", "Websockets, in every stage.", func(_ sfu.Stats, c signaling.Counts) float64 { return float64(c.Connections) })
	add(gauge, "consultations", "Calls in memory, also those that have just become empty.", func(_ sfu.Stats, c signaling.Counts) float64 { return float64(c.Consultations) })
	add(gauge, "media_rooms", "Rooms of media.", func(s sfu.Stats, _ signaling.Counts) float64 { return float64(s.Rooms) })
	add(gauge, "media_participants", "Participants with a media transport.", func(s sfu.Stats, _ signaling.Counts) float64 { return float64(s.Participants) })
	add(counter, "media_packets_received_total", "RTP packets received.", func(s sfu.Stats, _ signaling.Counts) float64 { return float64(s.PacketsIn) })
	add(counter, "media_packets_forwarded_total", "RTP packets sent on, once for each receiver.", func(s sfu.Stats, _ signaling.Counts) float64 { return float64(s.PacketsOut) })
	add(counter, "media_packets_resent_total", "RTP packets sent again out of the cache.", func(s sfu.Stats, _ signaling.Counts) float64 { return float64(s.PacketsResent) })
	add(counter, "media_packets_asked_again_total", "RTP packets that senders were asked for again.", func(s sfu.Stats, _ signaling.Counts) float64 { return float64(s.NacksSent) })
	add(counter, "media_keyframe_requests_total", "Keyframes that senders were asked for.", func(s sfu.Stats, _ signaling.Counts) float64 { return float64(s.KeyframeRequests) })
	add(counter, "media_rtcp_broken_total", "RTCP packets that could not be read.", func(s sfu.Stats, _ signaling.Counts) float64 { return float64(s.BrokenRTCP) })
	add(counter, "media_datagrams_dropped_total", "Datagrams that the kernel did not take.", func(s sfu.Stats, _ signaling.Counts) float64 { return float64(s.Dropped) })
	return m
}

// newRedisMetric is there only where there is to be a Redis.
func newRedisMetric(up func() bool) prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "samkonsult_redis_up", Help: "1 while this node and the others hear of one another; calls go on at 0.",
	}, func() float64 {
		if up() {
			return 1
		}
		return 0
	})
}

// Describe implements prometheus.Collector.
func (m *serviceMetrics) Describe(ch chan<- *prometheus.Desc) {
	for _, x := range m.metrics {
		ch <- x.desc
	}
}

// Collect implements prometheus.Collector.
func (m *serviceMetrics) Collect(ch chan<- prometheus.Metric) {
	media, calls := m.media(), m.calls()
	for _, x := range m.metrics {
		ch <- prometheus.MustNewConstMetric(x.desc, x.kind, x.read(media, calls))
	}
}
