// The list keeps itself up to date: what it says comes to the portal by webhooks.

const list = document.getElementById("bookings");

async function look() {
  try {
    const answer = await fetch("/");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const newer = page.getElementById("bookings");
    // A list that says the same stays, and with it where the keyboard is.
    if (newer && newer.innerHTML !== list.innerHTML) list.replaceChildren(...newer.childNodes);
  } catch {
    // The portal is away; the next look may find it.
  }
}

setInterval(() => { if (!document.hidden) look(); }, 2000);
