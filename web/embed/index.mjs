// The same for bundlers: it has no address of its own, so name the server.
import "./embed.js";

export const Overtime = globalThis.Overtime;
export const OvertimeError = Overtime?.OvertimeError;
export const OvertimeMeetingElement = globalThis.customElements?.get("overtime-meeting");
