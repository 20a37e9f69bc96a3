// Counts the characters of a limited field beside it. Nothing is cut: what is over the limit is said by the form.
"use strict";

function count(field) {
    const limit = Number(field.dataset.limit);
    const shown = field.parentElement.querySelector(":scope > .ws-count") || document.createElement("div");
    const used = Array.from(field.value).length;
    shown.className = "ws-count" + (used > limit ? " ws-over" : "");
    shown.textContent = used + " / " + limit;
    if (!shown.isConnected) field.insertAdjacentElement("afterend", shown);
}

document.addEventListener("DOMContentLoaded", () => {
    for (const field of document.querySelectorAll("textarea[data-limit], input[data-limit]")) {
        count(field);
        field.addEventListener("input", () => count(field));
    }
});
