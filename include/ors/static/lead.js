// "Tick all" of the lead's page; without it the boxes are ticked one by one.
const all = document.getElementById("all");
if (all) {
  all.addEventListener("change", () => {
    for (const box of document.querySelectorAll("input[name=rows]")) box.checked = all.checked;
  });
}
