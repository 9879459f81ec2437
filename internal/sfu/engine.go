package sfu

import (
	"net"
	"time"

	"github.com/pion/dtls/v2"
	"github.com/pion/ice/v2"
	"github.com/pion/interceptor"
	"github.com/pion/interceptor/pkg/nack"
	"github.com/pion/interceptor/pkg/report"
	"github.com/pion/interceptor/pkg/twcc"
	"github.com/pion/logging"
	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v3"
)

const (
	videoRate = 90000
	audioRate = 48000

	audioLevelURI  = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
	repairedRIDURI = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"

	// How often a gap in what a browser sends is asked for again.
	askAgainEvery = 40 * time.Millisecond
)

// newPeerConnection makes a pion connection of our kind: one port, ICE-lite, VP8 and
// Opus. Nothing of pion stands between a seat and SRTP.
func newPeerConnection(t *transport, allowCM bool, logs logging.LoggerFactory, inbox *rtcpInbox) (*webrtc.PeerConnection, error) {
	media := &webrtc.MediaEngine{}
	if err := registerMedia(media); err != nil {
		return nil, err
	}
	incoming, err := incomingInterceptors(logs, inbox)
	if err != nil {
		return nil, err
	}
	set := settings(t, allowCM, logs)
	set.BufferFactory = inbox.buffer
	api := webrtc.NewAPI(
		webrtc.WithMediaEngine(media),
		webrtc.WithInterceptorRegistry(incoming),
		webrtc.WithSettingEngine(set),
	)
	return api.NewPeerConnection(webrtc.Configuration{})
}

func settings(t *transport, allowCM bool, logs logging.LoggerFactory) webrtc.SettingEngine {
	s := webrtc.SettingEngine{LoggerFactory: logs}
	s.SetLite(true)
	s.SetICEUDPMux(t.udp)
	s.SetICETCPMux(t.tcp)
	s.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4, webrtc.NetworkTypeTCP4})
	s.SetIncludeLoopbackCandidate(true)
	s.SetIPFilter(func(ip net.IP) bool { return ip.Equal(t.anchor) })
	s.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	s.SetICETimeouts(iceDisconnectedTimeout, iceFailedTimeout, iceKeepAlive)
	// GCM alone: browsers list CM first and pion follows the other side's order, and CM
	// costs five times as much for each packet.
	profiles := []dtls.SRTPProtectionProfile{dtls.SRTP_AEAD_AES_128_GCM}
	if allowCM {
		profiles = append(profiles, dtls.SRTP_AES128_CM_HMAC_SHA1_80)
	}
	s.SetSRTPProtectionProfiles(profiles...)
	return s
}

func registerMedia(m *webrtc.MediaEngine) error {
	opus := webrtc.RTPCodecParameters{
		RTPCodecCapability: webrtc.RTPCodecCapability{
			MimeType: webrtc.MimeTypeOpus, ClockRate: audioRate, Channels: 2,
			SDPFmtpLine:  "minptime=10;useinbandfec=1",
			RTCPFeedback: []webrtc.RTCPFeedback{{Type: webrtc.TypeRTCPFBTransportCC}},
		},
		PayloadType: 111,
	}
	// RTX is not offered: a lost packet is sent again as it was.
	vp8 := webrtc.RTPCodecParameters{
		RTPCodecCapability: webrtc.RTPCodecCapability{
			MimeType: webrtc.MimeTypeVP8, ClockRate: videoRate,
			RTCPFeedback: []webrtc.RTCPFeedback{
				{Type: webrtc.TypeRTCPFBTransportCC},
				{Type: webrtc.TypeRTCPFBCCM, Parameter: "fir"},
				{Type: webrtc.TypeRTCPFBNACK},
				{Type: webrtc.TypeRTCPFBNACK, Parameter: "pli"},
			},
		},
		PayloadType: 96,
	}
	if err := m.RegisterCodec(opus, webrtc.RTPCodecTypeAudio); err != nil {
		return err
	}
	if err := m.RegisterCodec(vp8, webrtc.RTPCodecTypeVideo); err != nil {
		return err
	}
	// Only for what we receive: what we send carries no extension.
	extensions := map[webrtc.RTPCodecType][]string{
		webrtc.RTPCodecTypeAudio: {sdp.SDESMidURI, audioLevelURI, sdp.TransportCCURI},
		webrtc.RTPCodecTypeVideo: {sdp.SDESMidURI, sdp.SDESRTPStreamIDURI, repairedRIDURI, sdp.TransportCCURI},
	}
	for kind, uris := range extensions {
		for _, uri := range uris {
			ext := webrtc.RTPHeaderExtensionCapability{URI: uri}
			if err := m.RegisterHeaderExtension(ext, kind, webrtc.RTPTransceiverDirectionRecvonly); err != nil {
				return err
			}
		}
	}
	return nil
}

// incomingInterceptors work on what browsers send to us: NACK for what is missing,
// receiver reports, and the transport-wide feedback without which a browser does not
// dare to send its large layer. None of them touches what we send.
func incomingInterceptors(logs logging.LoggerFactory, inbox *rtcpInbox) (*interceptor.Registry, error) {
	missing, err := nack.NewGeneratorInterceptor(
		nack.GeneratorSize(512), nack.GeneratorInterval(askAgainEvery),
		nack.GeneratorMaxNacksPerPacket(10), nack.WithGeneratorLoggerFactory(logs))
	if err != nil {
		return nil, err
	}
	received, err := report.NewReceiverInterceptor(report.WithReceiverLoggerFactory(logs))
	if err != nil {
		return nil, err
	}
	feedback, err := twcc.NewSenderInterceptor(twcc.WithLoggerFactory(logs))
	if err != nil {
		return nil, err
	}
	registry := &interceptor.Registry{}
	registry.Add(missing)
	registry.Add(&tapped{received, inbox})
	registry.Add(feedback)
	return registry, nil
}
