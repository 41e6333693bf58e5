// The print page opens the print dialogue by itself.
window.addEventListener("load", () => window.print());
