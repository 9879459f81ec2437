// Types for React 19: import "overtime-embed/react" once, and JSX knows the element.
import type { DetailedHTMLProps, HTMLAttributes } from "react";
import type { OvertimeEventMap, OvertimeMeetingAttributes, OvertimeMeetingElement } from "./embed.js";

export * from "./embed.js";

/** The element's events as React listens to them: on and the event's name. */
export type OvertimeMeetingListeners = {
  [K in keyof OvertimeEventMap as `on${K}`]?: (event: CustomEvent<OvertimeEventMap[K]>) => void;
};

export type OvertimeMeetingProps = DetailedHTMLProps<HTMLAttributes<OvertimeMeetingElement>, OvertimeMeetingElement> &
  OvertimeMeetingAttributes &
  OvertimeMeetingListeners & { class?: string };

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "overtime-meeting": OvertimeMeetingProps;
    }
  }
}
