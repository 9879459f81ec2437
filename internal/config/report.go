package config

import "log/slog"

// Report logs what an operator may want to know of what they said.
func (c Config) Report(log *slog.Logger) {
	for _, warning := range c.Warnings() {
		log.Warn(warning)
	}
	log.Info("who may create meetings", "create", c.Create, "keys", c.APIKeyLines, "webhooks", c.WebhookLines)
	log.Info("who may show meetings in a frame", "origins", c.EmbedOrigins)
}
