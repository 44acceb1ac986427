<?xml version="1.0" encoding="UTF-8"?>
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:include href="common.xsl"/>
<xsl:variable name="title">电子数据提取笔录</xsl:variable>

<xsl:template match="case">
  <h1>电子数据提取笔录</h1>
  <xsl:call-template name="case-number"/>
  <table class="fields">
    <tr><th scope="row">事由</th><td>涉嫌违法广告线索（线索阶段，未经认定）</td></tr>
    <tr>
      <th scope="row">提取时间</th>
      <td>
        <xsl:text>自 </xsl:text>
        <xsl:for-each select="captures/capture">
          <xsl:sort select="at/@utc"/>
          <xsl:if test="position() = 1">
            <xsl:call-template name="time">
              <xsl:with-param name="at" select="at"/>
            </xsl:call-template>
          </xsl:if>
        </xsl:for-each>
        <br/>
        <xsl:text>至 </xsl:text>
        <xsl:call-template name="time">
          <xsl:with-param name="at" select="made"/>
        </xsl:call-template>
      </td>
    </tr>
    <tr><th scope="row">提取地点</th><td><span class="blank wide">&#160;</span></td></tr>
    <xsl:call-template name="officer-rows">
      <xsl:with-param name="label">执法人员</xsl:with-param>
    </xsl:call-template>
    <tr>
      <th scope="row">见证人</th>
      <td>
        <xsl:text>姓名：</xsl:text><span class="blank">&#160;</span>
        <xsl:text>　身份证件号：</xsl:text><span class="blank">&#160;</span>
      </td>
    </tr>
    <tr>
      <th scope="row">提取对象</th>
      <td>
        <xsl:for-each select="findings/finding">
          <div>
            <xsl:text>线索 </xsl:text>
            <xsl:value-of select="@id"/>
            <xsl:text>：</xsl:text>
            <xsl:value-of select="title"/>
            <xsl:text>　</xsl:text>
            <xsl:apply-templates select="." mode="origin"/>
          </div>
        </xsl:for-each>
      </td>
    </tr>
    <tr>
      <th scope="row">提取设备</th>
      <td>
        <xsl:choose>
          <xsl:when test="environment/check[@id = 'host']">
            <xsl:value-of select="environment/check[@id = 'host']"/>
            <xsl:text>；</xsl:text>
            <xsl:value-of select="environment/check[@id = 'os']"/>
            <xsl:text>；</xsl:text>
            <xsl:value-of select="environment/check[@id = 'kernel']"/>
            <xsl:text>（制作证据包时由程序读取）</xsl:text>
          </xsl:when>
          <xsl:otherwise>
            <xsl:text>设备名称、型号：</xsl:text><span class="blank wide">&#160;</span>
          </xsl:otherwise>
        </xsl:choose>
      </td>
    </tr>
    <xsl:call-template name="row">
      <xsl:with-param name="label">提取程序</xsl:with-param>
      <xsl:with-param name="value" select="tool"/>
    </xsl:call-template>
  </table>

  <h2>一、软件及版本</h2>
  <xsl:choose>
    <xsl:when test="software/part">
      <table class="fields">
        <xsl:call-template name="row-if">
          <xsl:with-param name="label">打开页面的浏览器</xsl:with-param>
          <xsl:with-param name="value" select="software/@browser"/>
        </xsl:call-template>
        <xsl:for-each select="software/part">
          <tr>
            <th scope="row">
              <xsl:call-template name="part-name">
                <xsl:with-param name="name" select="@name"/>
              </xsl:call-template>
            </th>
            <td>
              <xsl:if test="string-length(.) &gt; 40 and not(contains(., ' '))"><xsl:attribute name="class">digest</xsl:attribute></xsl:if>
              <xsl:value-of select="."/>
            </td>
          </tr>
        </xsl:for-each>
      </table>
    </xsl:when>
    <xsl:otherwise>
      <p>操作系统、浏览器版本：<span class="blank wide">&#160;</span></p>
    </xsl:otherwise>
  </xsl:choose>

  <h2>二、网络与系统环境</h2>
  <xsl:choose>
    <xsl:when test="environment/check">
      <table>
        <thead>
          <tr><th scope="col" style="width:30%">检查项</th><th scope="col" style="width:4.5em">结果</th><th scope="col">情况</th></tr>
        </thead>
        <tbody>
          <xsl:for-each select="environment/check">
            <tr>
              <td><xsl:value-of select="@name"/></td>
              <td>
                <xsl:choose>
                  <xsl:when test="@ok = 'yes'">正常</xsl:when>
                  <xsl:otherwise>须说明</xsl:otherwise>
                </xsl:choose>
              </td>
              <td><xsl:value-of select="."/></td>
            </tr>
          </xsl:for-each>
        </tbody>
      </table>
    </xsl:when>
    <xsl:otherwise>
      <p>网络接入方式、本机地址：<span class="blank wide">&#160;</span></p>
      <p>系统时间核对情况：<span class="blank wide">&#160;</span></p>
    </xsl:otherwise>
  </xsl:choose>

  <h2>三、提取步骤</h2>
  <ol>
    <xsl:for-each select="captures/capture">
      <xsl:sort select="at/@utc"/>
      <xsl:sort select="@id" data-type="number"/>
      <li><xsl:apply-templates select="." mode="step"/></li>
    </xsl:for-each>
    <li>程序按规则库逐段比对页面文字，列出涉嫌内容及其位置和理由（规则编号、版本见证据包 01-线索）。</li>
    <xsl:for-each select="findings/finding/decisions/decision">
      <xsl:sort select="at/@utc"/>
      <li>
        <xsl:value-of select="substring(at/@beijing, 1, 19)"/>
        <xsl:text>（北京时间），</xsl:text>
        <xsl:value-of select="who"/>
        <xsl:text> 审看线索 </xsl:text>
        <xsl:value-of select="ancestor::finding/@id"/>
        <xsl:text>，作出“</xsl:text>
        <xsl:value-of select="action"/>
        <xsl:text>”决定</xsl:text>
        <xsl:if test="string(reason)">
          <xsl:text>（理由：</xsl:text>
          <xsl:value-of select="reason"/>
          <xsl:text>）</xsl:text>
        </xsl:if>
        <xsl:text>。</xsl:text>
      </li>
    </xsl:for-each>
    <li>
      <xsl:value-of select="substring(made/@beijing, 1, 19)"/>
      <xsl:text>（北京时间），程序逐条核对存档记录的摘要和决定的摘要链，按原字节写入证据包“</xsl:text>
      <xsl:value-of select="name"/>
      <xsl:text>”，逐个文件计算 SHA-256 与 SM3。</xsl:text>
    </li>
  </ol>

  <h2>四、各次获取的情况</h2>
  <xsl:choose>
    <xsl:when test="captures/capture[not(@part = 'hand-in')]">
      <p class="small">由程序在获取时记入存档；全部内容见证据包 captures.json 和各存档。</p>
    </xsl:when>
    <xsl:otherwise><p>线索来自移交的材料，没有从网络获取页面。</p></xsl:otherwise>
  </xsl:choose>
  <xsl:apply-templates select="captures/capture[not(@part = 'hand-in')]" mode="facts">
    <xsl:sort select="at/@utc"/>
    <xsl:sort select="@id" data-type="number"/>
  </xsl:apply-templates>

  <h2>五、提取结果</h2>
  <table>
    <thead>
      <tr>
        <th class="n" scope="col">序号</th>
        <th scope="col">文件、字节数和完整性校验值</th>
      </tr>
    </thead>
    <tbody>
      <xsl:for-each select="items/item[contains(file, '/02-网页存档/') or contains(file, '/05-截图/') or contains(file, '/06-文本/') or contains(file, '/07-原件/')]">
        <tr>
          <td class="n"><xsl:value-of select="@n"/></td>
          <td>
            <xsl:value-of select="file"/>
            <xsl:text>（</xsl:text>
            <xsl:value-of select="bytes"/>
            <xsl:text> 字节）</xsl:text>
            <br/>
            <span class="small">SHA-256 </span>
            <span class="digest"><xsl:value-of select="sha256"/></span>
            <xsl:if test="string(sm3)">
              <br/>
              <span class="small">SM3 </span>
              <span class="digest"><xsl:value-of select="sm3"/></span>
            </xsl:if>
          </td>
        </tr>
      </xsl:for-each>
    </tbody>
  </table>
  <p class="small">序号与《证据清单》一致，其余文件见该清单。</p>
  <xsl:if test="string(items/@sha256)">
    <p class="small">
      <xsl:text>清单总摘要（SHA-256）：</xsl:text>
      <span class="digest"><xsl:value-of select="items/@sha256"/></span>
    </p>
  </xsl:if>
  <p class="small">
    <xsl:text>审计链：第 </xsl:text>
    <xsl:value-of select="audit/@row"/>
    <xsl:text> 条，</xsl:text>
    <span class="digest"><xsl:value-of select="audit"/></span>
  </p>

  <h2>六、说明</h2>
  <p class="body">时间取自监测设备的系统时钟；时钟来源和偏差见第二、四部分。<xsl:if test="captures/capture[not(@part = 'hand-in')]">提取只读取公开页面，未登录，未绕过访问限制；对方页面未作任何改动。</xsl:if><xsl:if test="captures/capture[@part = 'hand-in']">移交材料由移交人提供，程序收到后原样存档，未访问网络，来源由移交人说明。</xsl:if>页面文字中的控制字符在本笔录中以�代替，逐字原文见证据包 01-线索。</p>

  <div class="sign">
    <p>执法人员（签名）：<span class="blank">&#160;</span>　<span class="blank">&#160;</span>　日期：<span class="blank">&#160;</span></p>
    <p>见证人（签名）：<span class="blank">&#160;</span>　日期：<span class="blank">&#160;</span></p>
    <p>被提取人意见及签名：<span class="blank wide">&#160;</span></p>
  </div>
  <div class="todo">
    <p class="label">待填写</p>
    <ul>
      <xsl:call-template name="todo-number"/>
      <li>提取地点</li>
      <xsl:call-template name="todo-officers"/>
      <li>见证人；没有见证人的，注明情况</li>
      <xsl:if test="not(environment/check[@id = 'host'])"><li>提取设备名称、型号</li></xsl:if>
      <xsl:if test="not(software/part)"><li>操作系统、浏览器版本</li></xsl:if>
      <xsl:if test="not(environment/check)"><li>网络接入方式、系统时间核对情况</li></xsl:if>
      <li>签名和日期</li>
    </ul>
  </div>
</xsl:template>

<!-- 一次获取：网络、证书、时钟、比对。 -->
<xsl:template match="capture" mode="facts">
  <table class="fields">
    <tr>
      <th scope="row"><xsl:value-of select="concat('存档 ', @id)"/></th>
      <td><xsl:value-of select="url"/></td>
    </tr>
    <xsl:choose>
      <xsl:when test="browser">
        <tr>
          <th scope="row">浏览器</th>
          <td>
            <xsl:value-of select="browser"/>
            <xsl:if test="browser/@given = 'yes'">（网页由程序普通获取后交给浏览器）</xsl:if>
          </td>
        </tr>
      </xsl:when>
      <xsl:when test="@rendered = 'yes'">
        <tr><th scope="row">浏览器</th><td>存档未记录版本</td></tr>
      </xsl:when>
    </xsl:choose>
    <xsl:if test="not(@rendered = 'yes') or network/dns/answer or string(network/@address)">
      <xsl:call-template name="network-rows"/>
    </xsl:if>
    <xsl:apply-templates select="tls"/>
    <xsl:apply-templates select="clock"/>
    <xsl:if test="not(clock) and not(@rendered = 'yes')">
      <tr><th scope="row">系统时钟</th><td>存档未记录</td></tr>
    </xsl:if>
    <xsl:call-template name="row-if">
      <xsl:with-param name="label">与普通获取比对</xsl:with-param>
      <xsl:with-param name="value" select="compared"/>
    </xsl:call-template>
  </table>
</xsl:template>

<xsl:template name="network-rows">
  <xsl:variable name="me" select="@id"/>
  <xsl:variable name="page" select="@of"/>
  <xsl:variable name="hops" select="../capture[@part = 'redirect' and @of = $page and not(@id = $me)]"/>
  <tr>
    <th scope="row">域名解析</th>
    <td>
      <xsl:for-each select="network/dns/answer">
        <xsl:value-of select="."/>
        <xsl:if test="position() != last()">、</xsl:if>
      </xsl:for-each>
      <xsl:if test="not(network/dns/answer)">存档未记录</xsl:if>
      <xsl:if test="string(network/dns/@source)">
        <xsl:text>；来源：</xsl:text>
        <xsl:choose>
          <xsl:when test="network/dns/@source = 'config'">配置指定</xsl:when>
          <xsl:when test="network/dns/@source = 'resolver'">域名服务器</xsl:when>
          <xsl:when test="network/dns/@source = 'hosts file'">hosts 文件</xsl:when>
          <xsl:otherwise><xsl:value-of select="network/dns/@source"/></xsl:otherwise>
        </xsl:choose>
      </xsl:if>
      <xsl:if test="string(network/dns/@at)">
        <xsl:value-of select="concat('；解析时间：UTC ', network/dns/@at)"/>
      </xsl:if>
    </td>
  </tr>
  <tr>
    <th scope="row">服务器地址</th>
    <td>
      <xsl:choose>
        <xsl:when test="string(network/@address)">
          <xsl:value-of select="network/@address"/>
          <xsl:if test="network/@port"><xsl:value-of select="concat(' 端口 ', network/@port)"/></xsl:if>
          <xsl:if test="network/@kept = 'yes'">（沿用已建立的连接）</xsl:if>
        </xsl:when>
        <xsl:when test="string(ip)"><xsl:value-of select="ip"/></xsl:when>
        <xsl:otherwise>存档未记录</xsl:otherwise>
      </xsl:choose>
    </td>
  </tr>
  <tr>
    <th scope="row">跳转</th>
    <td>
      <xsl:choose>
        <xsl:when test="way/@redirects &gt; 0 or $hops">
          <xsl:if test="way/@redirects &gt; 0">
            <xsl:value-of select="concat('经 ', way/@redirects, ' 次跳转到达')"/>
            <xsl:if test="string(way/@via)"><xsl:value-of select="concat('，上一地址 ', way/@via)"/></xsl:if>
          </xsl:if>
          <xsl:for-each select="$hops">
            <div><xsl:value-of select="concat('存档 ', @id, '：状态 ', status, '，', url)"/></div>
          </xsl:for-each>
        </xsl:when>
        <xsl:when test="way">无</xsl:when>
        <xsl:otherwise>存档未记录</xsl:otherwise>
      </xsl:choose>
    </td>
  </tr>
  <xsl:if test="not(tls)">
    <tr>
      <th scope="row">传输加密</th>
      <td>
        <xsl:choose>
          <xsl:when test="starts-with(url, 'https:')">存档未记录</xsl:when>
          <xsl:otherwise>无（http）</xsl:otherwise>
        </xsl:choose>
      </td>
    </tr>
  </xsl:if>
</xsl:template>

<xsl:template match="tls">
  <tr>
    <th scope="row">传输加密</th>
    <td>
      <xsl:value-of select="@protocol"/>
      <xsl:if test="string(@cipher)"><xsl:value-of select="concat('，', @cipher)"/></xsl:if>
      <xsl:if test="string(@chain)">
        <br/>
        <span class="small">证书链 SHA-256 </span>
        <span class="digest"><xsl:value-of select="@chain"/></span>
      </xsl:if>
    </td>
  </tr>
  <xsl:for-each select="cert[1]">
    <tr>
      <th scope="row">服务器证书</th>
      <td>
        <div>主体：<xsl:value-of select="subject"/></div>
        <div>颁发者：<xsl:value-of select="issuer"/></div>
        <div>
          <xsl:text>有效期（北京时间）：</xsl:text>
          <xsl:value-of select="concat(substring(from/@beijing, 1, 19), ' 至 ', substring(until/@beijing, 1, 19))"/>
        </div>
        <div>
          <span class="small">SHA-256 </span>
          <span class="digest"><xsl:value-of select="sha256"/></span>
        </div>
      </td>
    </tr>
  </xsl:for-each>
</xsl:template>

<!-- 采集开始时的时钟。 -->
<xsl:template match="clock">
  <tr>
    <th scope="row">系统时钟</th>
    <td>
      <xsl:choose>
        <xsl:when test="@synchronised = 'yes'">已与时间源同步</xsl:when>
        <xsl:when test="@synchronised = 'no'">未与时间源同步</xsl:when>
        <xsl:otherwise>是否同步未知</xsl:otherwise>
      </xsl:choose>
      <xsl:if test="string(@keeper)"><xsl:value-of select="concat('；同步程序：', @keeper)"/></xsl:if>
      <xsl:if test="string(@offset-us)"><xsl:value-of select="concat('；偏差 ', @offset-us, ' 微秒')"/></xsl:if>
      <xsl:if test="string(@error-us)"><xsl:value-of select="concat('，估计误差 ', @error-us, ' 微秒')"/></xsl:if>
      <xsl:if test="string(@error-most-us)"><xsl:value-of select="concat('，最大误差 ', @error-most-us, ' 微秒')"/></xsl:if>
      <xsl:value-of select="concat('（UTC ', @at, ' 检查）')"/>
    </td>
  </tr>
</xsl:template>

<xsl:template name="part-name">
  <xsl:param name="name"/>
  <xsl:choose>
    <xsl:when test="$name = 'build'">程序文件 SHA-256</xsl:when>
    <xsl:when test="$name = 'compiler'">编译器</xsl:when>
    <xsl:when test="$name = 'browser'">制包时的浏览器</xsl:when>
    <xsl:when test="$name = 'os'">操作系统</xsl:when>
    <xsl:when test="$name = 'kernel'">内核</xsl:when>
    <xsl:otherwise><xsl:value-of select="$name"/></xsl:otherwise>
  </xsl:choose>
</xsl:template>

<xsl:template match="capture" mode="step">
  <xsl:value-of select="substring(at/@beijing, 1, 19)"/>
  <xsl:text>（北京时间），</xsl:text>
  <xsl:choose>
    <xsl:when test="@part = 'hand-in'">
      <xsl:variable name="id" select="@id"/>
      <xsl:text>收到</xsl:text>
      <xsl:choose>
        <xsl:when test="/case/findings/finding/hand-in[@capture = $id]">
          <xsl:apply-templates select="(/case/findings/finding/hand-in[@capture = $id])[1]" mode="way"/>
        </xsl:when>
        <xsl:otherwise>移交材料</xsl:otherwise>
      </xsl:choose>
      <xsl:text>，原样存档，未经网络请求。</xsl:text>
    </xsl:when>
    <xsl:otherwise>
      <xsl:choose>
        <xsl:when test="@rendered = 'yes'">用浏览器打开</xsl:when>
        <xsl:when test="@part = 'landing'">打开广告所指的下一级页面</xsl:when>
        <xsl:when test="@part = 'redirect'">跟随跳转，请求</xsl:when>
        <xsl:otherwise>请求</xsl:otherwise>
      </xsl:choose>
      <xsl:text> </xsl:text>
      <xsl:value-of select="url"/>
      <xsl:if test="string(ip)">
        <xsl:text>，服务器地址 </xsl:text>
        <xsl:value-of select="ip"/>
      </xsl:if>
      <xsl:if test="string(certificate)">
        <xsl:text>，证书主体 </xsl:text>
        <xsl:value-of select="certificate"/>
      </xsl:if>
      <xsl:text>，返回状态 </xsl:text>
      <xsl:value-of select="status"/>
      <xsl:text>。</xsl:text>
    </xsl:otherwise>
  </xsl:choose>
  <xsl:choose>
    <xsl:when test="@rendered = 'yes'">脚本运行以后的页面（DOM） </xsl:when>
    <xsl:otherwise>正文 </xsl:otherwise>
  </xsl:choose>
  <xsl:value-of select="bytes"/>
  <xsl:text> 字节，存档编号 </xsl:text>
  <xsl:value-of select="@id"/>
  <xsl:text>，SHA-256 </xsl:text>
  <span class="digest"><xsl:value-of select="sha256"/></span>
  <xsl:if test="shot[@marked = 'no']">
    <xsl:text>；截取</xsl:text>
    <xsl:for-each select="shot[@marked = 'no']">
      <xsl:choose>
        <xsl:when test="@kind = 'full'">整页</xsl:when>
        <xsl:otherwise>首屏</xsl:otherwise>
      </xsl:choose>
      <xsl:value-of select="concat('（', @width, '×', @height, '像素）')"/>
      <xsl:if test="position() != last()">、</xsl:if>
    </xsl:for-each>
  </xsl:if>
  <xsl:text>。</xsl:text>
</xsl:template>

</xsl:stylesheet>
