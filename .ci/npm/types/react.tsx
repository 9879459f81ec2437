// The same for React 19.
import { useRef } from "react";
import type { OvertimeMeetingElement } from "overtime-embed/react";

export function Appointment({ token, quiet }: { token: string; quiet: boolean }) {
  const meeting = useRef<OvertimeMeetingElement>(null);
  return (
    <section>
      <overtime-meeting
        ref={meeting}
        server="https://meet.example.org"
        token={token}
        name="Ana"
        theme="light"
        lobby="off"
        camera={!quiet}
        microphone={quiet ? "off" : "on"}
        className="meeting"
        style={{ height: 560 }}
        onjoined={({ detail }) => detail.participants.map((p) => p.name)}
        onwindow-opened={(event) => event.detail.minutesLeft.toFixed()}
        onextended={({ detail }) => `${detail.by} ${detail.minutes}`}
      />
      <button onClick={() => meeting.current?.extend(15)}>15 minutes more</button>
    </section>
  );
}

export const wrong = [
  // @ts-expect-error: there is no such theme
  <overtime-meeting theme="blue" />,
  // @ts-expect-error: on, off, or a boolean
  <overtime-meeting camera="front" />,
  // @ts-expect-error: no such attribute
  <overtime-meeting tokens="x" />,
  // @ts-expect-error: an extension has no text
  <overtime-meeting onextended={({ detail }) => detail.text} />,
];
