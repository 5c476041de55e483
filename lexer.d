lexer.o: src/expressions/lexer.c src/base/banned.h \
  src/expressions/lexer.h src/base/slice.h

src/base/banned.h:

src/expressions/lexer.h:

src/base/slice.h:
