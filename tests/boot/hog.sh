# Each way of using up memory in turn (hog.c), and what became of it; the shell outlives them all.
for way in grow tables many refused; do
    /t/hog $way
    echo $way $?
done
/t/hog share
echo alive
