import { ownCall } from "./own_call.js";
import { start } from "./site.js";

start();
ownCall(document.forms[0], document.getElementById("picture"), document.getElementById("result"));
