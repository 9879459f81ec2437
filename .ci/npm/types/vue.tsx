/** @jsxImportSource vue */
// The same for Vue: what its JSX takes, and what vue-tsc holds templates to.
import { defineComponent, type GlobalComponents } from "vue";
import type { OvertimeMeetingProps } from "overtime-embed/vue";

export const Appointment = defineComponent({
  props: { token: { type: String, required: true }, quiet: Boolean },
  setup(props) {
    return () => (
      <overtime-meeting
        server="https://meet.example.org"
        token={props.token}
        name="Ana"
        theme="light"
        lobby="off"
        camera={!props.quiet}
        class="meeting"
        onJoined={({ detail }) => detail.participants.map((p) => p.name)}
        onWindowOpened={(event) => event.detail.minutesLeft.toFixed()}
      />
    );
  },
});

type InTemplates = InstanceType<GlobalComponents["overtime-meeting"]>;
export const props: InTemplates["$props"] = { token: "x", theme: "auto", microphone: false, onExtended: ({ detail }) => detail.minutes };
export const same: OvertimeMeetingProps = props;
export const element = (meeting: InTemplates) => meeting.extend(15).then(({ endsAt }) => endsAt.length);

export const wrong = [
  // @ts-expect-error: there is no such theme
  <overtime-meeting theme="blue" />,
  // @ts-expect-error: on, off, or a boolean
  <overtime-meeting camera="front" />,
  // @ts-expect-error: an extension has no text
  <overtime-meeting onExtended={({ detail }) => detail.text} />,
];
