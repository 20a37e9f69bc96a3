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

// Adds a line to a table that is filled in; without this script some lines are spare.
document.addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll("[data-add-line]")) {
        button.hidden = false;
        button.addEventListener("click", () => {
            const rows = button.parentElement.querySelectorAll(".ws-entry-row");
            const last = rows[rows.length - 1];
            const row = last.cloneNode(true);
            const renamed = (text) => text.replace(/-\d+-/, "-" + rows.length + "-");
            row.querySelector("legend").textContent = last.querySelector("legend").textContent.replace(/\d+/, rows.length + 1);
            for (const field of row.querySelectorAll("select, input")) {
                field.name = renamed(field.name);
                field.id = renamed(field.id);
                if (field.type === "checkbox") field.checked = false;
                else field.value = "";
            }
            last.after(row);
            row.querySelector("select").focus();
        });
    }
});
