package parser

import (
	"fmt"
	"strconv"
)

// number lexes an integer or a float. Neither `01.5` nor `0.` is a float: the
// grammar is (([1-9][0-9]*\.[0-9]*)|(0?\.[0-9]+))([Ee][+-]?[0-9]+)?.
func (l *lexer) number(pos uint32) uint32 {
	end := l.digits(pos)
	whole := l.src[pos:end]
	if l.at(end) == '.' {
		frac := l.digits(end + 1)
		hasFrac := frac > end+1
		if len(whole) > 0 && whole[0] != '0' || hasFrac && (whole == "" || whole == "0") {
			end = frac
			if e := l.at(end); e == 'e' || e == 'E' {
				exp := end + 1
				if s := l.at(exp); s == '+' || s == '-' {
					exp++
				}
				if last := l.digits(exp); last > exp {
					end = last
				}
			}
			if _, err := strconv.ParseFloat(l.src[pos:end], 64); err != nil {
				l.valueError(Span{pos, end}, fmt.Sprintf("float `%s` is out of range", l.src[pos:end]), "")
			}
			l.emit(TokenFloat, pos, end)
			return end
		}
	}
	if len(whole) > 18 {
		if _, err := strconv.ParseInt(whole, 10, 64); err != nil {
			l.valueError(Span{pos, end}, fmt.Sprintf("integer `%s` is too large", whole),
				"the largest is 9223372036854775807")
		}
	}
	l.emit(TokenInt, pos, end)
	return end
}

func (l *lexer) digits(pos uint32) uint32 {
	for classes[l.at(pos)]&classDigit != 0 {
		pos++
	}
	return pos
}
