// Types for Vue 3: import "overtime-embed/vue" once, and templates and JSX know the
// element.
import type { HTMLAttributes, PublicProps } from "vue";
import type { OvertimeEventMap, OvertimeMeetingAttributes, OvertimeMeetingElement } from "./embed.js";

export * from "./embed.js";

type Joined<Name extends string> = Name extends `${infer Head}-${infer Rest}` ? `${Head}${Capitalize<Joined<Rest>>}` : Name;

/** The element's events as Vue listens to them: @window-opened is onWindowOpened. */
export type OvertimeMeetingListeners = {
  [K in keyof OvertimeEventMap as `on${Capitalize<Joined<K>>}`]?: (event: CustomEvent<OvertimeEventMap[K]>) => void;
};

export type OvertimeMeetingProps = Omit<HTMLAttributes, keyof OvertimeMeetingListeners> &
  PublicProps &
  OvertimeMeetingAttributes &
  OvertimeMeetingListeners;

export type OvertimeMeetingComponent = new () => OvertimeMeetingElement & { $props: OvertimeMeetingProps };

declare module "vue" {
  interface GlobalComponents {
    "overtime-meeting": OvertimeMeetingComponent;
  }
}
declare module "vue/jsx-runtime" {
  namespace JSX {
    interface IntrinsicElements {
      "overtime-meeting": OvertimeMeetingProps;
    }
  }
}
