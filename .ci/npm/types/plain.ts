// What the types of overtime-embed promise to a page without a framework. Lines
// after @ts-expect-error must not compile.
import { Overtime, OvertimeError, OvertimeMeetingElement } from "overtime-embed";
import "overtime-embed/embed.js";

const meeting = document.createElement("overtime-meeting");
const other: OvertimeMeetingElement = new OvertimeMeetingElement();
other.theme = "light";
meeting.theme = "dark";
meeting.name = "Ana";
meeting.lobby = false;
meeting.camera = "off";
meeting.microphone = true;
meeting.token = null;
const lobby: "on" | "off" = meeting.lobby;
const theme: "dark" | "light" | "auto" | "" = meeting.theme;
document.querySelector("overtime-meeting")?.addEventListener("extended", ({ detail }) => detail.minutes.toFixed() + detail.by);
meeting.addEventListener("window-opened", (event) => event.detail.grantableMinutes + lobby + theme);
meeting.extend(15).then(
  ({ endsAt }) => new Date(endsAt),
  (error: unknown) => error instanceof OvertimeError && error.code === "already_extended" && error.by,
);
Overtime.joinRoom("token", { theme: "auto" }).then((room) => room.duration);
globalThis.Overtime.version.length;

// @ts-expect-error: there is no such theme
meeting.theme = "blue";
// @ts-expect-error: on, off, or a boolean
meeting.camera = "front";
// @ts-expect-error: a token is text
meeting.token = 7;
// @ts-expect-error: the element says it
meeting.state = "joined";
