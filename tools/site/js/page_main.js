import { start } from "./site.js";

start();
