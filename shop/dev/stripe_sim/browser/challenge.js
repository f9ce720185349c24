// Inside the 3-D Secure frame: tell the page above when the customer is through, or has closed the window.
"use strict";

const tell = (type) => window.parent.postMessage({ stripeSim: true, type, payload: {} }, "*"); // carries no data
const framed = document.documentElement.classList.contains("frame");

if ("done" in document.body.dataset) {
  tell("done");
} else if (framed) {
  const close = document.getElementById("close");
  close.hidden = false;
  close.addEventListener("click", () => tell("closed"));
  document.addEventListener("keydown", (event) => event.key === "Escape" && tell("closed"));
  document.getElementById("test-source-authorize-3ds").focus();
}
