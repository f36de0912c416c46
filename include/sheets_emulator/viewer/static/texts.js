"use strict";
// Words of the viewer in the browser's language: French, otherwise English.
const TEXTS = {
  fr: {
    spreadsheets: "Feuilles de calcul", hint: "Émulateur Google Sheets sur cette machine. Ce que vous modifiez ici est lu la nuit suivante.",
    none: "Aucune feuille pour l'instant.", changed: "modifiée le", tools: "Outils", content: "Contenu de la cellule", tabs: "Onglets",
    sortUp: "Trier A → Z", sortDown: "Trier Z → A", rowAdd: "+ Ligne", rowDelete: "− Ligne", columnAdd: "+ Colonne",
    columnDelete: "− Colonne", noteEdit: "Note…", tabRename: "Renommer l'onglet", tabAdd: "+ Onglet", more: "Afficher la suite",
    hidden: "masqué", warn: "Cette colonne est tenue par la machine : votre saisie sera remplacée cette nuit et gardée dans « _conflits ». Modifier quand même ?",
    locked: "Plage protégée", warning: "Plage protégée (avertissement)", notAChoice: "Valeur hors de la liste", saved: "Enregistré", failed: "Refusé : ",
    noteAsk: "Note de cette cellule (vide : aucune)", renameAsk: "Nouveau nom de l'onglet", addAsk: "Nom du nouvel onglet",
    deleteAsk: "Supprimer cette ligne ?", deleteColumnAsk: "Supprimer cette colonne ?", filtered: "lignes masquées par le filtre", table: "Chiffres", choose: "Choisir", changedElsewhere: "Mis à jour par une autre main",
  },
  en: {
    spreadsheets: "Spreadsheets", hint: "Google Sheets emulator on this machine. What you change here is read the next night.",
    none: "No spreadsheet yet.", changed: "changed", tools: "Tools", content: "Content of the cell", tabs: "Tabs",
    sortUp: "Sort A → Z", sortDown: "Sort Z → A", rowAdd: "+ Row", rowDelete: "− Row", columnAdd: "+ Column",
    columnDelete: "− Column", noteEdit: "Note…", tabRename: "Rename tab", tabAdd: "+ Tab", more: "Show more",
    hidden: "hidden", warn: "The machine keeps this column: what you type will be replaced tonight and kept in “_conflits”. Change it anyway?",
    locked: "Protected range", warning: "Protected range (warning)", notAChoice: "Not one of the choices", saved: "Saved", failed: "Refused: ",
    noteAsk: "Note of this cell (empty: none)", renameAsk: "New name of the tab", addAsk: "Name of the new tab",
    deleteAsk: "Delete this row?", deleteColumnAsk: "Delete this column?", filtered: "rows hidden by the filter", table: "Figures", choose: "Choose", changedElsewhere: "Updated by another hand",
  },
};
const LANGUAGE = (navigator.language || "en").startsWith("fr") ? "fr" : "en";
const say = (key) => TEXTS[LANGUAGE][key];
document.documentElement.lang = LANGUAGE;
for (const node of document.querySelectorAll("[data-text]")) node.textContent = say(node.dataset.text);
for (const node of document.querySelectorAll("[data-label]")) node.setAttribute("aria-label", say(node.dataset.label));
for (const node of document.querySelectorAll("[data-title]")) { node.title = say(node.dataset.title); node.setAttribute("aria-label", node.title); }
