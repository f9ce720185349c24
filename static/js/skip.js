/* Past the header, without #main in the address: that would go along through every form and redirect, and take the focus from
   what the next page wants to say first. */
document.querySelector("a.skip")?.addEventListener("click", (event) => {
  event.preventDefault();
  document.getElementById("main").focus();
});
