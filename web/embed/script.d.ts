// Types of embed.js imported by itself: it exports nothing, and makes the element
// and window.Overtime.
import type {} from "./embed.js";
export {};
