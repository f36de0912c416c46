"use strict";
// The list of spreadsheets.
document.title = say("spreadsheets");
fetch("/_viewer/").then((answer) => answer.json()).then((found) => {
  const list = document.getElementById("spreadsheets");
  document.getElementById("none").hidden = found.length > 0;
  for (const one of found) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = "/view/" + encodeURIComponent(one.id);
    link.textContent = one.name || one.id;
    const when = document.createElement("span");
    when.textContent = `${say("changed")} ${new Date(one.modifiedTime).toLocaleString(LANGUAGE)}`;
    item.append(link, when);
    list.append(item);
  }
});
