# In our headers what belongs to a @param or @return is indented under it, and a line that is not goes on
# with the comment. Doxygen takes that for the parameter's as well, unless it is told: by a command in the
# same line, so that its warnings name the right one.
/^ *\/\*\*/ { in_item = 0 }
/^ *(\/\*\*| \*) +@(param|return)/ { in_item = 1; print; next }
in_item && /^ *\*  [^ @]/ { sub(/\*  /, "*  @remark "); in_item = 0 }
in_item && /^ *\*  @/ { in_item = 0 }
{ print }
