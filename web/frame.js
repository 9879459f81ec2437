// Stands in for the script that takes a portal's first message, until it is here.
"use strict";
