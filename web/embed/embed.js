// Stands in for the script for portals, version 1.0.0, until it is here.
"use strict";
